using Aegis.Sdk;

namespace Aegis.Tests.Sdk;

/// <summary>The client in a container, registered as in the package's README.</summary>
public sealed class RegistrationTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task One_registered_client_is_injected_everywhere()
    {
        var services = new ServiceCollection();
        services.AddSingleton(new AegisClientOptions { BaseAddress = app.BaseAddress, ApiKey = app.Key("operator") });
        services.AddSingleton<AegisClient>();
        await using var provider = services.BuildServiceProvider();

        var client = provider.GetRequiredService<AegisClient>();

        (await client.Identity.GetSessionAsync()).Organization.Should().Be("cons_456");
        provider.GetRequiredService<AegisClient>().Should().BeSameAs(client);
    }

    [Fact]
    public async Task A_client_can_use_connections_of_an_http_client_factory()
    {
        var between = new CallInterceptor(_ => (HttpResponseMessage?)null);
        var services = new ServiceCollection();
        services.AddHttpClient("aegis", http => http.Timeout = Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler((handler, _) => handler.AllowAutoRedirect = false).AddHttpMessageHandler(() => between);
        services.AddTransient(p => new AegisClient(new AegisClientOptions
        {
            BaseAddress = app.BaseAddress,
            Tokens = Aegis.Sdk.Authentication.TokenSource.Fixed(app.Key("operator")),
            HttpClient = p.GetRequiredService<IHttpClientFactory>().CreateClient("aegis"),
        }));
        await using var provider = services.BuildServiceProvider();

        (await provider.GetRequiredService<AegisClient>().Identity.GetSessionAsync()).Organization.Should().Be("cons_456");

        between.Count("/v1/auth/session").Should().Be(1);
    }
}
