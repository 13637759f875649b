using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Aegis.Tests.People;

/// <summary>A browser without scripts. It keeps cookies, follows no redirects, and sends the forms of the pages that it loaded.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient http;

    public Browser(AegisApp app, CookieContainer? cookies = null, IPAddress? from = null)
    {
        Cookies = cookies ?? new CookieContainer();
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies };
        if (from is not null) handler.ConnectCallback = (context, ct) => Connect(context.DnsEndPoint.Port, from, ct);
        http = new HttpClient(handler) { BaseAddress = app.BaseAddress };
    }

    public CookieContainer Cookies { get; }

    public async Task<Shown> Get(string path) => await Read(await http.GetAsync(path));

    /// <summary>Sends the form of a page, with these fields filled in.</summary>
    public async Task<Shown> Send(Shown page, string path, params (string Name, string Value)[] fields)
    {
        var hidden = Hidden().Matches(page.Text).Select(m => KeyValuePair.Create(m.Groups[1].Value, m.Groups[2].Value))
            .DistinctBy(f => f.Key);
        var all = fields.Select(f => KeyValuePair.Create(f.Name, f.Value)).Concat(hidden);
        return await Read(await http.PostAsync(path, new FormUrlEncodedContent(all)));
    }

    /// <summary>Opens a page and sends its form.</summary>
    public async Task<Shown> Fill(string path, params (string Name, string Value)[] fields) => await Send(await Get(path), path, fields);

    public Task<Shown> SignIn((string Email, string Password) person, string path = "/sign-in") =>
        Fill(path, ("Email", person.Email), ("Password", person.Password));

    public void Dispose() => http.Dispose();

    /// <summary>All addresses of 127.0.0.0/8 are this machine, so one test can be many clients.</summary>
    private static async ValueTask<Stream> Connect(int port, IPAddress from, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), ct);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task<Shown> Read(HttpResponseMessage answer) =>
        new(answer.StatusCode, answer.Headers.Location?.OriginalString, await answer.Content.ReadAsStringAsync(), answer);

    /// <summary>The antiforgery token, and the token that makes the form work once.</summary>
    [GeneratedRegex("<input (?:type=\"hidden\" )?name=\"(form|Once)\" (?:type=\"hidden\" )?value=\"([^\"]+)\"")]
    private static partial Regex Hidden();
}

/// <summary>An answer as the browser got it.</summary>
internal sealed record Shown(HttpStatusCode Status, string? Location, string Text, HttpResponseMessage Answer)
{
    /// <summary>The text without the values of fields, which differ from answer to answer.</summary>
    public string TextWithoutValues => Regex.Replace(Text, "value=\"[^\"]*\"", "");

    /// <summary>Fails unless it redirects to the path.</summary>
    public Shown ShouldLeadTo(string path)
    {
        Status.Should().Be(HttpStatusCode.Redirect, "the page was {0}", Text);
        Location.Should().Be(path);
        return this;
    }

    /// <summary>Fails unless it is a page with this status and text.</summary>
    public Shown ShouldSay(HttpStatusCode status, string text)
    {
        Status.Should().Be(status, "the page was {0}", Text);
        Answer.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
        WebUtility.HtmlDecode(Text).Should().Contain(text);
        return this;
    }
}
