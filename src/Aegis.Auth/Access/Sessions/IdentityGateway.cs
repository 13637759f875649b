using System.Reflection;
using Aegis.Auth.Sessions.V1;
using Aegis.Kernel.Web.Connect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Aegis.Auth.Access.Sessions;

/// <summary>Serves <c>aegis.v1.IdentityGatewayService</c>.</summary>
internal static class IdentityGateway
{
    /// <summary>The path at which the <c>.proto</c> is served.</summary>
    public const string Source = "proto/aegis/v1/identity_gateway.proto";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var service = IdentityGatewayReflection.Descriptor.Services.Single();
        endpoints.MapConnect<CreateSessionRequest, CreateSessionResponse>(
                new ConnectProcedure(service.FindMethodByName("CreateSession"), "Create Session", $"/{Source}"),
                (http, request, ct) => http.RequestServices.GetRequiredService<CreateSession>().Answer(http, request, ct))
            .WithMetadata(new RequireScopeAttribute(RequireScopeAttribute.Any));
    }
}

/// <summary>The interface definition, for clients to generate code from.</summary>
[ApiController]
[AllowAnonymous]
[Tags("IdentityGatewayService")]
internal sealed class ProtoController : ControllerBase
{
    private static readonly byte[] Definition = Read();

    /// <summary>The Protocol Buffers definition of the service.</summary>
    [HttpGet(IdentityGateway.Source)]
    [ResponseCache(Duration = 300)]
    [Produces("text/plain")]
    [ProducesResponseType<string>(StatusCodes.Status200OK)]
    public FileContentResult Get() => File(Definition, "text/plain; charset=utf-8");

    private static byte[] Read()
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream("identity_gateway.proto")!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
