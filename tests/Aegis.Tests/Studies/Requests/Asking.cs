namespace Aegis.Tests.Studies.Requests;

/// <summary>Creates requests for tests.</summary>
internal static class Asking
{
    /// <summary>The body of the example in the first API description, unchanged.</summary>
    public const string JaneDoe =
        """{ "providerId":"prov_123", "patient":{ "lastName":"Doe","firstName":"Jane","dob":"03/05/1971" }, "reason":"AI review" }""";

    /// <summary>The id of a new pending request for Jane Doe.</summary>
    public static async Task<string> AskForJaneDoe(this AegisApp app, object? study = null, object? window = null)
    {
        var body = new
        {
            providerId = "prov_123",
            patient = new { lastName = "Doe", firstName = "Jane", dob = "1971-03-05" },
            reason = "Second opinion",
            study,
            window,
        };
        return (await app.As("consumer").Post("/v1/requests", body)).ShouldBe(HttpStatusCode.Created).Id;
    }

    public static async Task<string?> StatusOf(this AegisApp app, string requestId) =>
        (await app.As("consumer").Get($"/v1/requests/{requestId}")).ShouldBe(HttpStatusCode.OK)["status"];
}
