using System.Text.Json.Nodes;

namespace Aegis.Tests.Auth;

/// <summary>Applications for access, their approval and the first key.</summary>
internal static class Applying
{
    public const string Ein = "12-3456789";
    public const string Contact = "Quentin Canary";
    public const string Digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static int contacts;

    /// <summary>The body of an application, with another contact each time.</summary>
    public static JsonObject Body(TestClock clock, string role = "consumer", string organization = "Example Reading LLC") => new()
    {
        ["organizationName"] = organization,
        ["roles"] = new JsonArray(role),
        ["contact"] = new JsonObject { ["name"] = Contact, ["email"] = $"Contact{Interlocked.Increment(ref contacts)}@Canary.example" },
        ["entity"] = new JsonObject { ["state"] = "DE", ["ein"] = Ein },
        ["baa"] = new JsonObject { ["signedOn"] = Day(clock, 0), ["validUntil"] = Day(clock, 365), ["sha256"] = Digest },
        ["partner"] = new JsonObject { ["id"] = "prov_123" },
    };

    public static string Day(TestClock clock, int days) =>
        DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(days).ToString("yyyy-MM-dd");

    public static async Task<ApiResponse> Apply(this AuthApp auth, JsonObject? body = null) =>
        (await auth.Anonymous.Post("/v1/applications", body ?? Body(auth.Clock))).ShouldBe(HttpStatusCode.Created);

    /// <summary>An application in review.</summary>
    public static async Task<string> InReview(this AuthApp auth, JsonObject? body = null)
    {
        var id = (await auth.Apply(body)).Id;
        (await auth.App.As("admin").Post($"/v1/applications/{id}/review")).ShouldBe(HttpStatusCode.OK);
        return id;
    }

    public static async Task<ApiResponse> Approved(this AuthApp auth, JsonObject? body = null) =>
        (await auth.App.As("admin").Post($"/v1/applications/{await auth.InReview(body)}/approve")).ShouldBe(HttpStatusCode.OK);

    /// <summary>The path of a claim address on the test's own host.</summary>
    public static string Path(string claimUrl) => new Uri(claimUrl).AbsolutePath;

    /// <summary>The first key of a new organization.</summary>
    public static async Task<(string Organization, ApiClient Client)> Member(this AuthApp auth, string role = "consumer")
    {
        var approved = await auth.Approved(Body(auth.Clock, role));
        var claimed = (await auth.Anonymous.With("Accept", "application/json")
            .Post(Path(approved["claimUrl"]!))).ShouldBe(HttpStatusCode.OK);
        return (approved["organizationId"]!, auth.WithToken(claimed["key"]!));
    }
}
