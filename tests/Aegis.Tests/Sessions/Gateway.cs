using System.Net.Http.Headers;
using Aegis.Auth.People.OneTimeCodes;
using Aegis.Kernel.Web.Connect.Details;

namespace Aegis.Tests.Sessions;

/// <summary>Calls of the identity gateway, and the authenticator of a user.</summary>
internal static class Gateway
{
    public const string Address = "/aegis.v1.IdentityGatewayService/CreateSession";

    public static async Task<ApiResponse> Call(this ApiClient client, string json = "{}", params (string Name, string? Value)[] headers)
    {
        var call = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json)) };
        call.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in headers.Prepend(("Connect-Protocol-Version", "1")))
        {
            call.Headers.Remove(name);
            if (value is not null) call.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.Send(call);
    }

    /// <summary>Creates a session: trusted by default, risky with a high client score.</summary>
    public static async Task<string> Session(this ApiClient client, string device = "laptop", double riskScore = 0)
    {
        var body = JsonSerializer.Serialize(new { deviceId = device, authMethod = "api_key", riskSignal = new { riskScore } });
        return (await client.Call(body)).ShouldBe(HttpStatusCode.OK)["sessionId"]!;
    }

    /// <summary>Fails unless the response is a Connect error with this code and the stable code in its details.</summary>
    public static ApiResponse ShouldBeError(this ApiResponse response, HttpStatusCode status, string connect, string code)
    {
        response.ShouldBe(status);
        response.ContentHeaders.ContentType!.ToString().Should().Be("application/json");
        response["code"].Should().Be(connect);
        response["message"].Should().NotBeNullOrEmpty();
        var detail = response.Json.GetProperty("details")[0];
        detail.GetProperty("type").GetString().Should().Be("google.rpc.ErrorInfo");
        var info = ErrorInfo.Parser.ParseFrom(Unpadded(detail));
        info.Reason.Should().Be(code);
        info.Domain.Should().Be("aegis");
        detail.GetProperty("debug").GetProperty("reason").GetString().Should().Be(code);
        return response;
    }

    /// <summary>The wrong members that the error names.</summary>
    public static string[] Violations(this ApiResponse response)
    {
        var detail = response.Json.GetProperty("details").EnumerateArray()
            .Single(d => d.GetProperty("type").GetString() == "google.rpc.BadRequest");
        return [.. BadRequest.Parser.ParseFrom(Unpadded(detail)).FieldViolations.Select(v => v.Field)];
    }

    /// <summary>
    /// Enrols and confirms an authenticator for the key's user. The code of the current step is then used up; later calls need a later one.
    /// </summary>
    public static async Task<Authenticator> Enrol(this AuthApp auth, TestKey key)
    {
        var offered = (await auth.With(key).Post("/v1/auth/totp")).ShouldBe(HttpStatusCode.OK);
        var authenticator = new Authenticator(FromBase32(offered["secret"]!), auth.Clock);
        (await auth.With(key).Post("/v1/auth/totp/confirm", new { totp = authenticator.Code() })).ShouldBe(HttpStatusCode.NoContent);
        return authenticator;
    }

    public static byte[] FromBase32(string text)
    {
        var bits = string.Concat(
            text.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }

    private static byte[] Unpadded(JsonElement detail)
    {
        var value = detail.GetProperty("value").GetString()!;
        value.Should().NotEndWith("=");
        return Convert.FromBase64String(value.PadRight((value.Length + 3) / 4 * 4, '='));
    }
}

/// <summary>The authenticator app of a user.</summary>
internal sealed class Authenticator(byte[] secret, TimeProvider clock)
{
    // Fixed, so that a test does not fail when a step ends during it: one step of drift is allowed.
    private readonly long first = Rfc6238.StepAt(clock.GetUtcNow());

    public byte[] Secret => secret;

    /// <summary>The code of the step in which the authenticator was created, or of a later step.</summary>
    public string Code(int stepsLater = 0) => Rfc6238.Code(secret, first + stepsLater);

    /// <summary>The code of the current step.</summary>
    public string Now() => Rfc6238.Code(secret, Rfc6238.StepAt(clock.GetUtcNow()));

    /// <summary>A code that is wrong in every step close to now.</summary>
    public string Wrong()
    {
        var now = Rfc6238.StepAt(clock.GetUtcNow());
        var near = Enumerable.Range(-3, 7).Select(i => Rfc6238.Code(secret, now + i)).ToHashSet();
        return Enumerable.Range(0, 10).Select(i => $"{i}23456").First(c => !near.Contains(c));
    }
}
