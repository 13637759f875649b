namespace Aegis.Tests.Studies.Fulfilment;

/// <summary>The query parameters of an upload.</summary>
public sealed class UploadQueryTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Theory]
    [InlineData("?confirm", "confirm")]
    [InlineData("?confirm=", "confirm")]
    [InlineData("?confirm=pixel_phi_risk&confirm=", "confirm")]
    [InlineData("?strict=true&strict=false", "strict")]
    [InlineData("?strict=false&strict=true", "strict")]
    public async Task An_invalid_query_is_refused(string query, string name)
    {
        var id = await app.AskForJaneDoe();
        var refused = await app.Fulfil(id, Parcel.Multipart(Parcel.Jane.Files()), query);

        refused.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        refused.Json.GetProperty("errors").TryGetProperty(name, out _).Should().BeTrue();
        (await app.StatusOf(id)).Should().Be("pending");
    }

    [Fact]
    public async Task Several_confirmations_cover_several_findings()
    {
        var id = await app.AskForJaneDoe();
        (await app.Fulfil(id, Parcel.Multipart(Parcel.Jane.Files()),
            "?confirm=pixel_phi_risk&confirm=patient_unverifiable&strict=true")).ShouldBe(HttpStatusCode.Created);
    }
}
