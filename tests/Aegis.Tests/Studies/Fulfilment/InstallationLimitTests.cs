using System.Globalization;
using Aegis.Kernel;
using Aegis.Studies;
using Microsoft.Extensions.Configuration;

namespace Aegis.Tests.Studies.Fulfilment;

/// <summary>The limits that an installation can set. Jane's study has four files in two series.</summary>
public sealed class InstallationLimitTests
{
    private static readonly List<byte[]> Jane = Parcel.Jane.Files();
    private static readonly int Bytes = Jane.Sum(f => f.Length);

    [Theory]
    [InlineData("Studies:MaxFiles", 4, "too_many_files")]
    [InlineData("Studies:MaxSeries", 2, "too_many_series")]
    [InlineData("Studies:MaxUnpackedBytes", null, "upload_too_large_unpacked")]
    public async Task A_study_at_a_limit_is_accepted_and_a_larger_one_is_refused(string key, int? limit, string code)
    {
        var enough = await AegisApp.Start((key, (limit ?? Bytes).ToString(CultureInfo.InvariantCulture)));
        (await enough.Fulfil(await enough.AskForJaneDoe(), Parcel.Multipart(Jane))).ShouldBe(HttpStatusCode.Created);
        await enough.DisposeAsync();

        var app = await AegisApp.Start((key, ((limit ?? Bytes) - 1).ToString(CultureInfo.InvariantCulture)));
        var id = await app.AskForJaneDoe();
        (await app.Fulfil(id, Parcel.Multipart(Jane))).ShouldBeRefused(HttpStatusCode.UnprocessableEntity, code);
        (await app.StatusOf(id)).Should().Be("pending");
        app.ContentFiles().Should().BeEmpty();
        await app.DisposeAsync();
    }

    [Theory]
    [InlineData("Studies:MaxFiles", "3", "zip_too_many_entries")]
    [InlineData("Studies:MaxUnpackedBytes", "1000", "zip_too_large")]
    public async Task The_limits_apply_to_an_archive(string key, string limit, string code)
    {
        var app = await AegisApp.Start((key, limit));

        var response = await app.Fulfil(await app.AskForJaneDoe(), Parcel.Zip(Jane));

        response.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, code);
        await app.DisposeAsync();
    }

    [Fact]
    public async Task An_upload_that_takes_too_long_is_refused()
    {
        var app = await AegisApp.Start(("Studies:MaxUploadHours", "0.0003")); // one second
        var id = await app.AskForJaneDoe();
        using var half = await HalfUpload.Send(app, id, Jane[0]);

        var answer = await half.Answer();

        answer.Should().StartWith("HTTP/1.1 408").And.Contain("\"upload_timeout\"");
        (await app.StatusOf(id)).Should().Be("pending");
        app.ContentFiles().Should().BeEmpty();
        await app.DisposeAsync();
    }

    [Theory]
    [InlineData("RequestLifetimeDays", "0")]
    [InlineData("MaxUploadBytes", "0")]
    [InlineData("MaxUploadHours", "0")]
    [InlineData("MaxUploadHours", "169")]
    [InlineData("MaxUploadSilenceSeconds", "0")]
    [InlineData("MaxUploadSilenceSeconds", "3601")]
    [InlineData("MaxFiles", "0")]
    [InlineData("MaxSeries", "0")]
    [InlineData("MaxUnpackedBytes", "0")]
    public void A_limit_out_of_range_stops_the_start(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"Studies:{key}", value)]).Build();

        var read = () => StudiesOptions.From(configuration);

        read.Should().Throw<StartRefusedException>().WithMessage($"Studies:{key} *");
    }
}
