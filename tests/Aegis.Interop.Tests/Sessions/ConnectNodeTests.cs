using System.Reflection;
using System.Runtime.InteropServices;

namespace Aegis.Interop.Tests.Sessions;

/// <summary>The identity gateway called by connect-node, with code that protoc-gen-es generates from our definitions.</summary>
public sealed class ConnectNodeTests(AegisApp app) : IClassFixture<AegisApp>
{
    private static readonly string Npm = Path.Combine(Tool.Folder, "npm");

    [InteropTheory("connect-node")]
    [InlineData("json")]
    [InlineData("proto")]
    public async Task Connect_node_calls_the_gateway_in_every_format(string format)
    {
        await Generate();
        var key = app.Key("admin");
        var token = (await app.Anonymous.With("X-Api-Key", key).Post("/v1/auth/token")).ShouldBe(HttpStatusCode.OK)["access_token"]!;

        var run = await Tool.Run("node", Path.Combine(Npm, "connect.mjs"), app.BaseAddress.ToString().TrimEnd('/'), token, key, format);

        var calls = run.ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonSerializer.Deserialize<Call>(l, JsonSerializerOptions.Web)!).ToDictionary(c => c.Name);
        calls.Should().HaveCount(13);
        foreach (var name in new[] { "plain", "empty", "gzip", "uncompressed", "largest int64", "deadline" })
        {
            calls[name].SessionId.Should().StartWith("ses_", "of {0}: {1}", name, calls[name].Message);
            calls[name].SecondsType.Should().Be("bigint");
            calls[name].Seconds.Should().BeInRange(800, 900);
            calls[name].StepUpRequired.Should().BeFalse("of {0}", name);
            calls[name].ContentType.Should().Be($"application/{format}");
        }

        calls["gzip"].ContentEncoding.Should().Be("gzip");
        calls["uncompressed"].ContentEncoding.Should().BeNull();
        calls["risky"].StepUpRequired.Should().BeTrue();
        Refusals(calls).Should().BeEquivalentTo(new[]
        {
            ("invalid", "InvalidArgument", "validation_failed"),
            ("negative int64", "InvalidArgument", "validation_failed"),
            ("no credential", "Unauthenticated", "unauthenticated"),
            ("key", "FailedPrecondition", "access_token_required"),
            ("too large", "ResourceExhausted", "body_too_large"),
        });
        calls["invalid"].Violations.Should().BeEquivalentTo("riskSignal.latitude", "riskSignal.riskScore");
        calls["invalid"].Domain.Should().Be("aegis");
        calls["server deadline"].Status.Should().Be(504);
        calls["server deadline"].Code.Should().Be("deadline_exceeded");
    }

    private static IEnumerable<(string, string?, string?)> Refusals(Dictionary<string, Call> calls) =>
        calls.Values.Where(c => c.Reason is not null).Select(c => (c.Name, c.Code, c.Reason));

    private static async Task Generate()
    {
        var target = Directory.CreateDirectory(Path.Combine(Npm, "generated")).FullName;
        await File.WriteAllTextAsync(Path.Combine(target, "package.json"), """{"type":"module"}""");
        var definitions = Path.GetFullPath(Path.Combine(Tool.Folder, "..", "..", "proto"));
        (await Tool.Run(Protoc, $"-I{definitions}", $"--plugin=protoc-gen-es={Path.Combine(Npm, "node_modules", ".bin", "protoc-gen-es")}",
            "--es_out=target=js:" + target, "aegis/v1/identity_gateway.proto", "google/rpc/error_details.proto")).ShouldSucceed();
    }

    /// <summary>The compiler that the build uses, from its package.</summary>
    private static string Protoc
    {
        get
        {
            var package = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(a => a.Key == "GrpcTools").Value!;
            var system = OperatingSystem.IsMacOS() ? "macosx_universal"
                : RuntimeInformation.OSArchitecture is Architecture.Arm64 ? "linux_arm64" : "linux_x64";
            return Path.Combine(package, "tools", system, "protoc");
        }
    }

    private sealed record Call(
        string Name, string? SessionId, double Seconds, string? SecondsType, bool StepUpRequired, string? ContentType,
        string? ContentEncoding,
        string? Code, string? Message, string? Reason, string? Domain, string[]? Violations, int Status);
}
