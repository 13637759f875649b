using Aegis.Auth.Protection;
using Aegis.Kernel.Web.Callers;
using Aegis.Kernel.Web.Idempotency;
using Aegis.Kernel.Web.Refusals;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.Routing;
using Microsoft.AspNetCore.Routing;

namespace Aegis.Tests.Mechanisms;

/// <summary>A repeat of a call whose response contained a secret.</summary>
public sealed class SecretAnswerTests(AegisApp app) : IClassFixture<AegisApp>
{
    private static readonly ControllerActionDescriptor Action =
        new() { AttributeRouteInfo = new AttributeRouteInfo { Template = "v1/keys" } };

    private static readonly IdempotentAttribute ShownOnce = new(StatusCodes.Status201Created, answer: null);

    [Fact]
    public async Task A_secret_is_not_shown_a_second_time()
    {
        await Call(record: "key_1");

        var again = () => Call(record: "key_2");

        var refused = (await again.Should().ThrowAsync<RefusedException>()).Which;
        (refused.Status, refused.Code).Should().Be((StatusCodes.Status409Conflict, "secret_already_shown"));
        refused.Members["id"].Should().Be("key_1");
    }

    private Task Call(string record) => app.Use<KernelDb>(async db =>
    {
        var http = new DefaultHttpContext
        {
            RequestServices = app.Services,
            Request = { Method = "POST", Path = "/v1/keys", Body = new MemoryStream("{}"u8.ToArray()) }
        };
        http.Request.Headers[IdempotentAttribute.Header] = "once";
        http.SetCaller(new Caller("cons", "key_0", "k", null, null, null, new HashSet<string>(), null, null));
        var context = new ResourceExecutingContext(new ActionContext(http, new RouteData(), Action), [], []);
        var filter = new IdempotencyFilter(ShownOnce, db, app.Services.GetRequiredService<CallsUnderWay>(), app.Clock);

        await filter.OnResourceExecutionAsync(context, async () =>
        {
            db.Add(http.Features.Get<IdempotentCall>()!.Complete(record, app.Clock.GetUtcNow()));
            await db.SaveChangesAsync();
            return new ResourceExecutedContext(context, []);
        });
    });
}
