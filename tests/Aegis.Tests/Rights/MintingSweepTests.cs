using System.Diagnostics;
using Aegis.Kernel.Web.Connect;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Xunit.Abstractions;

namespace Aegis.Tests.Rights;

/// <summary>
/// Every route that can make a credential or widen access, as every kind of narrowed caller: nothing it gives is worth more than what
/// called.
/// </summary>
public sealed class MintingSweepTests(SweptApp app, ITestOutputHelper output) : IClassFixture<SweptApp>
{
    private readonly AuthApp auth = app.Auth;

    /// <summary>What no key or token can bring about, however whole: only a page can, as a person who is signed in.</summary>
    private const string PersonOnly = "POST realms/aegis-system/protocol/openid-connect/auth/device";

    [Fact]
    public void Every_route_that_changes_something_says_whether_it_mints()
    {
        var known = MintingRoutes.Mint.Concat(MintingRoutes.MintNothing.Keys).ToList();

        known.Should().OnlyHaveUniqueItems();
        Routes()
            .Should().BeSubsetOf(known,
                "a new route must be listed: under Mint with attempts when it makes a credential or gives access, else with the reason why "
                    + "it does not");
        known.Should().BeSubsetOf(Routes(), "what is gone is not listed");
    }

    [Theory]
    [InlineData("cons_456")]
    [InlineData("org_platform")]
    public async Task Nothing_that_a_narrowed_caller_is_given_is_worth_more_than_itself(string organization)
    {
        var (watch, calls, isPlatform) = (Stopwatch.StartNew(), 0, organization == "org_platform");
        var callers = new NarrowCallers(auth, organization);
        var narrow = await callers.All();
        var whole = await callers.Whole();
        var attempts = new Attempts(auth);
        await attempts.Prepare(callers, whole[^1], isPlatform);
        List<Attempt> all = [.. isPlatform ? attempts.OfPlatform() : attempts.OfConsumer(), .. attempts.Everywhere()];

        var (beyond, given) = (new List<string>(), 0);
        foreach (var attempt in all)
        {
            foreach (var caller in narrow)
            {
                var answer = await attempt.Call(caller);
                calls++;
                ((int)answer.Status).Should().BeLessThan(500, "{0} by {1}", attempt.Route, caller.Name);
                answer.Status.Should().NotBe(HttpStatusCode.TooManyRequests, "a limit would hide what the rule does");
                if (await attempt.Made(caller, answer) is not { } made) continue;
                given++;
                if (made.Beyond(caller.Worth) is { } more) beyond.Add($"{attempt.Route} ({attempt.Asks}) gave {caller.Name} {more}");
            }
        }

        beyond.Should().BeEmpty();
        given.Should().BeGreaterThan(narrow.Count, "what is within their rights is given");
        var reached = new HashSet<string>();
        foreach (var attempt in all)
        {
            foreach (var caller in whole)
            {
                calls++;
                if (await attempt.Made(caller, await attempt.Call(caller)) is not null) reached.Add(attempt.Route);
            }
        }

        reached.Should().BeEquivalentTo(all.Select(a => a.Route).Distinct().Where(r => r != PersonOnly),
            "a whole caller gets through, or the sweep shows nothing");
        output.WriteLine(
            $"{organization}: {all.Count} attempts, {narrow.Count} narrowed callers, {calls} calls, {given} given, "
                + $"{watch.Elapsed.TotalSeconds:F1} s");
    }

    [Fact]
    public void Every_route_that_mints_is_attempted()
    {
        var attempts = new Attempts(auth);

        attempts.Everywhere().Concat(attempts.OfConsumer()).Concat(attempts.OfPlatform()).Select(a => a.Route).Distinct()
            .Should().BeEquivalentTo(MintingRoutes.Mint);
    }

    [Fact]
    public async Task No_page_takes_a_key_or_token_for_a_person()
    {
        var (callers, attempts) = (await new NarrowCallers(auth, "cons_456").All(), new Attempts(auth));
        foreach (var page in Pages())
        {
            foreach (var caller in callers.Take(3))
            {
                var answer = await attempts.AtPages(caller).Form("/" + page.Replace("{id}", caller.KeyId ?? "key_1",
                    StringComparison.Ordinal), ("Name", "x"));
                ((int)answer.Status).Should().BeInRange(300, 499, page);
                answer.Text.Should().NotContain("aegis_test_", page);
            }
        }
    }

    private List<string> Routes() =>
        [.. (from endpoint in Endpoints()
             where endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is not null
                 || endpoint.Metadata.GetMetadata<ConnectProcedure>() is not null
             from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
             where method is not ("GET" or "HEAD")
             select $"{method} {endpoint.RoutePattern.RawText!.TrimStart('/')}").Distinct()];

    private List<string> Pages() =>
        [.. Endpoints().Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is not null).Select(e =>
            e.RoutePattern.RawText!.TrimStart('/')).Distinct()];

    private IEnumerable<RouteEndpoint> Endpoints() =>
        auth.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
}

/// <summary>An app that lets one address do in seconds what a sweep does.</summary>
public sealed class SweptApp : IAsyncLifetime
{
    private const string Plenty = "1000000";

    public AuthApp Auth { get; private set; } = null!;

    public async Task InitializeAsync() => Auth = AuthApp.On(await AegisApp.Start(
        ("RateLimits:PerKey", Plenty), ("RateLimits:Burst", Plenty), ("RateLimits:PerAddress", Plenty),
        ("RateLimits:ApplicationsPerHour", Plenty),
        ("RateLimits:DeviceCodesPerMinute", Plenty), ("RateLimits:SignInsPerMinute", Plenty)));

    public Task DisposeAsync() => Auth.DisposeAsync();
}
