using System.Net.Http.Headers;

namespace Aegis.Tests.App;

/// <summary>A response, read to its end.</summary>
public sealed class ApiResponse(HttpStatusCode status, HttpResponseHeaders headers, HttpContentHeaders contentHeaders, byte[] body)
{
    public HttpStatusCode Status => status;

    public HttpResponseHeaders Headers => headers;

    public HttpContentHeaders ContentHeaders => contentHeaders;

    public byte[] Body => body;

    public string Text => Encoding.UTF8.GetString(body);

    public JsonElement Json => JsonDocument.Parse(body).RootElement;

    /// <summary>Text of a member, by a path, for example <c>patient.lastName</c>.</summary>
    public string? this[string path] =>
        path.Split('.').Aggregate(Json, (at, name) => at.GetProperty(name)) is { ValueKind: not JsonValueKind.Null } found
            ? found.ToString()
            : null;

    /// <summary>The id of the object that the call made.</summary>
    public string Id => this["id"]!;

    /// <summary>Fails with the whole response unless the call has this status.</summary>
    public ApiResponse ShouldBe(HttpStatusCode expected)
    {
        status.Should().Be(expected, "the response was {0}", Text);
        return this;
    }

    /// <summary>Fails with the whole response unless the call was refused with this status and code, as problem+json.</summary>
    public ApiResponse ShouldBeRefused(HttpStatusCode expected, string code)
    {
        status.Should().Be(expected, "the response was {0}", Text);
        contentHeaders.ContentType?.MediaType.Should().Be("application/problem+json");
        this["code"].Should().Be(code);
        return this;
    }
}
