using Aegis.Kernel.Web.Idempotency;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;

namespace Aegis.Tests.Routes;

/// <summary>
/// Calls every action that accepts an Idempotency-Key. A new action needs a sample in <see cref="IdempotentCalls"/>, or the test fails.
/// </summary>
public sealed class IdempotencySweepTests(AuthApp auth) : IClassFixture<AuthApp>
{
    [Fact]
    public async Task Every_idempotent_action_has_one_effect_however_its_path_is_spelled()
    {
        var samples = await IdempotentCalls.Of(auth);
        var actions = Actions();
        actions.Keys.Should().BeEquivalentTo(samples.Keys, "each idempotent action needs a sample call, and no other action has one");

        foreach (var (name, attribute) in actions)
        {
            var (template, key) = (name.Split(' ')[1], $"sweep-{name}");
            var call = await samples[name]();
            var client = call.Client.With(IdempotentAttribute.Header, key);

            var first = await client.Post(call.Path, call.Body);
            ((int)first.Status).Should().BeInRange(200, 299, "{0} answered {1}", name, first.Text);
            foreach (var path in new[] { call.Path, call.Path + "/", UpperCase(template, call.Path) + "/" })
                ShouldRepeat(await client.Post(path, call.Body), first, attribute, $"{name} at {path}");

            (await client.Post(call.Path + "?other=1", call.Body)).ShouldBeRefused(
                HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        }
    }

    [Fact]
    public async Task One_key_on_two_objects_has_two_effects()
    {
        var samples = await IdempotentCalls.Of(auth);
        foreach (var (name, _) in Actions().Where(a => a.Key.Contains('{')))
        {
            foreach (var call in new[] { await samples[name](), await samples[name]() })
            {
                var answer = await call.Client.With(IdempotentAttribute.Header, $"both-{name}").Post(call.Path, call.Body);

                ((int)answer.Status).Should().BeInRange(200, 299, "{0} answered {1}", name, answer.Text);
                answer.Headers.Contains("Idempotent-Replayed").Should().BeFalse("{0} is called on another object", name);
            }
        }
    }

    private static void ShouldRepeat(ApiResponse again, ApiResponse first, IdempotentAttribute attribute, string where)
    {
        if (attribute.Answer is null)
        {
            again.ShouldBeRefused(HttpStatusCode.Conflict, "secret_already_shown")["id"].Should().NotBeNullOrEmpty(where);
            return;
        }

        again.Status.Should().Be((HttpStatusCode)attribute.Status, "{0} answered {1}", where, again.Text);
        again.Headers.Contains("Idempotent-Replayed").Should().BeTrue("{0} must not be done again: {1}", where, again.Text);
        again.Json.EnumerateObject().Select(m => m.Name).Should().Equal(first.Json.EnumerateObject().Select(m => m.Name), where);
        foreach (var member in first.Json.EnumerateObject().Where(m => m.Name is "id" or "credential" or "name"))
            again[member.Name].Should().Be(first[member.Name], where);
    }

    /// <summary>Returns the same path with its fixed segments in upper case.</summary>
    private static string UpperCase(string template, string path) => "/" + string.Join('/', template.Split('/')
        .Zip(path.TrimStart('/').Split('/'), (segment, sent) => segment.StartsWith('{') ? sent : sent.ToUpperInvariant()));

    private SortedDictionary<string, IdempotentAttribute> Actions() => new(
        (from endpoint in auth.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
         let action = endpoint.Metadata.GetMetadata<ControllerActionDescriptor>()
         let attribute = action?.MethodInfo.GetCustomAttributes(typeof(IdempotentAttribute), inherit: false).OfType<IdempotentAttribute>()
             .SingleOrDefault()
         where attribute is not null
         from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
         select (Name: $"{method} {endpoint.RoutePattern.RawText}", attribute)).ToDictionary(a => a.Name, a => a.attribute),
         StringComparer.Ordinal);
}
