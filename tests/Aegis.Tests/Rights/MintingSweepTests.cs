using System.Diagnostics;
using Aegis.Kernel.Web.Connect;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Xunit.Abstractions;

namespace Aegis.Tests.Rights;

/// <summary>
/// Calls every route that can make a credential or widen access, as every kind of narrowed caller. No result may have more permissions than
/// the caller.
/// </summary>
public sealed class MintingSweepTests(SweptApp app, ITestOutputHelper output) : IClassFixture<SweptApp>
{
    private readonly AuthApp auth = app.Auth;

    /// <summary>A route that no key or token can complete, because it needs a signed-in person on a page.</summary>
    private const string PersonOnly = "POST realms/aegis-system/protocol/openid-connect/auth/device";

    [Fact]
    public void Every_route_that_changes_something_is_listed_as_minting_or_not()
    {
        var known = MintingRoutes.Mint.Concat(MintingRoutes.MintNothing.Keys).ToList();

        known.Should().OnlyHaveUniqueItems();
        Routes()
            .Should().BeSubsetOf(known,
                "a new route must be listed: under Mint with attempts if it makes a credential or widens access, otherwise with the "
                    + "reason why it does not");
        known.Should().BeSubsetOf(Routes(), "removed routes are not listed");
    }

    [Theory]
    [InlineData("cons_456")]
    [InlineData("org_platform")]
    public async Task A_narrowed_caller_never_gets_more_permissions_than_it_has(string organization)
    {
        var (watch, calls, isPlatform) = (Stopwatch.StartNew(), 0, organization == "org_platform");
        var callers = new NarrowCallers(auth, organization);
        var narrow = await callers.All();
        var whole = await callers.Whole();
        var attempts = new Attempts(auth);
        await attempts.Prepare(callers, whole[^1], isPlatform);
        List<Attempt> all = [.. isPlatform ? attempts.OfPlatform() : attempts.OfConsumer(), .. attempts.Everywhere()];

        var (excess, given) = (new List<string>(), 0);
        foreach (var attempt in all)
        {
            foreach (var caller in narrow)
            {
                var answer = await attempt.Call(caller);
                calls++;
                ((int)answer.Status).Should().BeLessThan(500, "{0} by {1}", attempt.Route, caller.Name);
                answer.Status.Should().NotBe(HttpStatusCode.TooManyRequests, "a rate limit would hide the rule");
                if (await attempt.Made(caller, answer) is not { } made) continue;
                given++;
                if (made.ExcessOver(caller.Permissions) is { } more)
                    excess.Add($"{attempt.Route} ({attempt.Asks}) gave {caller.Name} {more}");
            }
        }

        excess.Should().BeEmpty();
        given.Should().BeGreaterThan(narrow.Count, "requests within their permissions succeed");
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
            "a caller with all permissions must succeed, otherwise the sweep proves nothing");
        output.WriteLine(
            $"{organization}: {all.Count} attempts, {narrow.Count} narrowed callers, {calls} calls, {given} given, "
                + $"{watch.Elapsed.TotalSeconds:F1} s");
    }

    [Fact]
    public void Every_minting_route_has_an_attempt()
    {
        var attempts = new Attempts(auth);

        attempts.Everywhere().Concat(attempts.OfConsumer()).Concat(attempts.OfPlatform()).Select(a => a.Route).Distinct()
            .Should().BeEquivalentTo(MintingRoutes.Mint);
    }

    [Fact]
    public async Task No_page_accepts_a_key_or_token_as_a_person()
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

/// <summary>An app whose limits allow a sweep from one address.</summary>
public sealed class SweptApp : IAsyncLifetime
{
    private const string NoLimit = "1000000";

    public AuthApp Auth { get; private set; } = null!;

    public async Task InitializeAsync() => Auth = AuthApp.On(await AegisApp.Start(
        ("RateLimits:PerKey", NoLimit), ("RateLimits:Burst", NoLimit), ("RateLimits:PerAddress", NoLimit),
        ("RateLimits:ApplicationsPerHour", NoLimit),
        ("RateLimits:DeviceCodesPerMinute", NoLimit), ("RateLimits:SignInsPerMinute", NoLimit)));

    public Task DisposeAsync() => Auth.DisposeAsync();
}
