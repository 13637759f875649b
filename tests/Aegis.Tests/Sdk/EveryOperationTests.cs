using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Aegis.Sdk;
using Aegis.Sdk.Failures;
using Aegis.Sdk.Studies;
using Aegis.Sdk.Studies.Content;

namespace Aegis.Tests.Sdk;

/// <summary>
/// Calls every method of the client and compares what it sends with docs/openapi.json: every operation has a method, and every method an
/// operation.
/// </summary>
public sealed class EveryOperationTests
{
    /// <summary>Operations that the client does not offer, and the reason.</summary>
    private static readonly Dictionary<string, string> Left = new(StringComparer.Ordinal)
    {
        ["GET /.well-known/jwks.json"] = "read by token validators, with a library for JSON Web Tokens",
        ["GET /realms/aegis-system/protocol/openid-connect/certs"] = "the same",
        ["GET /realms/aegis-system/.well-known/openid-configuration"] = "used by OAuth clients, the aegis command among them",
        ["GET /.well-known/oauth-authorization-server/realms/aegis-system"] = "the same",
        ["GET /.well-known/openid-configuration"] = "the same",
        ["POST /realms/aegis-system/protocol/openid-connect/token/introspect"] = "the same",
        ["POST /realms/aegis-system/protocol/openid-connect/revoke"] = "the same",
        ["POST /realms/aegis-system/protocol/openid-connect/token"] = "the same",
        ["POST /realms/aegis-system/protocol/openid-connect/auth/device"] = "the same",
        ["GET /claim/{token}"] = "a page for the person who received its address",
        ["POST /claim/{token}"] = "the same",
        ["HEAD /v1/content/{ticket}"] = "open already returns size and digest",
        ["GET /proto/aegis/v1/identity_gateway.proto"] = "gateways generate their client from it",
        ["POST /aegis.v1.IdentityGatewayService/CreateSession"] = "the same",
    };

    [Fact]
    public async Task Every_operation_of_the_API_has_a_method_and_vice_versa()
    {
        var sent = new List<string>();
        using var network = new Recording(sent);
        using var client =
            new AegisClient(new AegisClientOptions { ApiKey = "aegis_test_key", HttpClient = new HttpClient(network), Repeats = 0 });

        foreach (var (api, method) in Methods(client)) await Call(api, method);

        var operations = Operations();
        var covered = sent.Select(s => operations.FirstOrDefault(o => o.Pattern.IsMatch(s)).Name ?? s).ToHashSet();
        covered.Except(operations.Select(o => o.Name)).Should().BeEmpty("every method calls an existing operation");
        operations.Select(o => o.Name).Except(covered)
            .Should().BeEquivalentTo(Left.Keys, "every operation has a method, or a listed reason");
    }

    private static IEnumerable<(object Api, MethodInfo Method)> Methods(AegisClient client) =>
        from api in typeof(AegisClient).GetProperties().Where(p => p.PropertyType.Name.EndsWith("Api", StringComparison.Ordinal))
            .Select(p => p.GetValue(client)!)
        from method in api.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where method.Name.EndsWith("Async", StringComparison.Ordinal)
        select (api, method);

    private static async Task Call(object api, MethodInfo method)
    {
        try
        {
            var called = method.Invoke(api, [.. method.GetParameters().Select(Argument)]);
            if (called is Task task) await task;
            else await First(called!);
        }
        catch (AegisNotFoundException)
        {
            // what it sent was recorded
        }
    }

    /// <summary>Asks for the first element, which sends the call.</summary>
    private static async Task First(object sequence)
    {
        var element = sequence.GetType().GetInterfaces()
            .Single(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)).GetGenericArguments()[0];
        await (Task)typeof(EveryOperationTests).GetMethod(nameof(FirstOf), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(
            element).Invoke(null, [sequence])!;
    }

    private static async Task FirstOf<T>(IAsyncEnumerable<T> sequence)
    {
        await foreach (var _ in sequence) return;
    }

    private static object? Argument(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (parameter.HasDefaultValue)
            return type.IsValueType && parameter.DefaultValue is null ? Activator.CreateInstance(type) : parameter.DefaultValue;
        if (type == typeof(string)) return parameter.Name == "folder" ? Folder() : "x1";
        if (type == typeof(StudyFile)) return new StudyFile(1, () => new MemoryStream([1]));
        if (type == typeof(IReadOnlyList<StudyFile>)) return new[] { new StudyFile(1, () => new MemoryStream([1])) };
        if (type == typeof(OpenedTransfer))
            return JsonSerializer.Deserialize<OpenedTransfer>("""{"url":"/v1/content/x1"}""", JsonSerializerOptions.Web);
        if (type.IsValueType || type.GetConstructor([]) is not null) return Activator.CreateInstance(type);
        return RuntimeHelpers.GetUninitializedObject(type); // a body without members, which is not inspected
    }

    private static string Folder()
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "every-operation")).FullName;
        File.WriteAllText(Path.Combine(folder, "1.dcm"), "x");
        return folder;
    }

    /// <summary>All operations. Paths with fewer parameters come first.</summary>
    private static List<(string Name, Regex Pattern)> Operations()
    {
        var paths = ContractTests.Document().GetProperty("paths").EnumerateObject();
        return paths.SelectMany(p => p.Value.EnumerateObject().Select(o => $"{o.Name.ToUpperInvariant()} {p.Name}"))
            .OrderBy(name => name.Count(c => c == '{'))
            .Select(name => (name, Pattern(name))).ToList();
    }

    private static Regex Pattern(string name)
    {
        var filled = Regex.Replace(Regex.Escape(name), @"\\\{(\w+)}", m => m.Groups[1].Value == "path" ? ".+" : "[^/]+");
        return new Regex($"^{filled}$");
    }

    /// <summary>Records what is sent. Only the token exchange succeeds.</summary>
    private sealed class Recording(List<string> sent) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            sent.Add($"{request.Method} {request.RequestUri!.AbsolutePath}");
            return Task.FromResult(request.RequestUri.AbsolutePath == "/v1/auth/token"
                ? new HttpResponseMessage(
                    HttpStatusCode.OK)
                {
                    Content = new StringContent("""{"access_token":"token","expires_in":900}""", Encoding.UTF8, "application/json")
                }
                : TokenTests.Problem(HttpStatusCode.NotFound, "not_found"));
        }
    }
}
