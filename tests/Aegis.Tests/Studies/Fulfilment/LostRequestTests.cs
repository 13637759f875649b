using Aegis.Studies.Persistence;
using Aegis.Studies.Requests;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Tests.Studies.Fulfilment;

/// <summary>Uploads whose request ends between its check and the save.</summary>
public sealed class LostRequestTests
{
    [Theory]
    [InlineData(1)] // when the upload reserves the request
    [InlineData(2)] // when it saves the study
    public async Task An_upload_that_loses_any_save_is_told_that_its_request_was_cancelled(int save)
    {
        var before = new BeforeSave(save);
        var app = await AegisApp.StartWith(services => services
            .ConfigureDbContext<SqliteStudiesDb>(o => o.AddInterceptors(before))
            .ConfigureDbContext<SqlServerStudiesDb>(o => o.AddInterceptors(before)));
        var id = await app.AskForJaneDoe();
        before.Act = async () =>
        {
            // as if the host had paused
            await app.Database.Run($"UPDATE {TestDatabase.Table("studies", "requests")} SET LeaseUntil = 0 WHERE Id = '{id}'");
            (await app.As("consumer").Post($"/v1/requests/{id}/cancel")).ShouldBe(HttpStatusCode.OK);
        };

        var answer = await app.Fulfil(id, Parcel.Zip(Parcel.Jane.Files()));

        answer.ShouldBeRefused(HttpStatusCode.Conflict, "request_cancelled");
        app.ContentFiles().Should().BeEmpty();
        await app.DisposeAsync();
    }

    /// <summary>Does something right before an upload saves its request for the nth time.</summary>
    private sealed class BeforeSave(int number) : SaveChangesInterceptor
    {
        private int saves;

        public Func<Task>? Act { get; set; }

        public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
            DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            var isUpload = Act is not null && eventData.Context!.ChangeTracker.Entries<StudyRequest>()
                .Any(e => e.State is EntityState.Modified
                    && e.Property(r => r.LeaseOwner).OriginalValue != e.Property(r => r.LeaseOwner).CurrentValue);
            if (isUpload && ++saves == number)
            {
                var act = Act!;
                Act = null; // the cancellation also saves the request
                await act();
            }

            return result;
        }
    }
}
