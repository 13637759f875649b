using Aegis.Studies.Persistence;
using Aegis.Studies.Transfers;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Tests.Studies.Transfers;

/// <summary>Updates the transfers of a partnership one by one, with a failure between two of them.</summary>
public sealed class PartnershipFailureTests
{
    [Fact]
    public async Task A_resumed_partnership_resumes_every_transfer_although_one_update_fails_once()
    {
        var failure = new FailSecondResume();
        var app = await AegisApp.StartWith(services => services
            .ConfigureDbContext<SqliteStudiesDb>(o => o.AddInterceptors(failure))
                .ConfigureDbContext<SqlServerStudiesDb>(o => o.AddInterceptors(failure)));
        var transfers = new List<DeliveredTransfer>();
        for (var i = 0; i < 6; i++) transfers.Add(await app.Deliver());
        var partnership = (await app.As("admin").Get("/v1/partnerships")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        (await app.As("admin").Post($"/v1/partnerships/{partnership}/suspend")).ShouldBe(HttpStatusCode.OK);
        await Delivered.Eventually(async () => await With("suspended") == 6, "all follow");

        failure.IsArmed = true;
        (await app.As("admin").Post($"/v1/partnerships/{partnership}/resume")).ShouldBe(HttpStatusCode.OK);
        await Delivered.Eventually(() => Task.FromResult(failure.HasFailed), "the second update fails");
        await Delivered.Eventually(
            async () =>
            {
                app.Clock.Advance(TimeSpan.FromSeconds(5)); // past the relay's backoff
                await Task.Delay(100);
                return await With("ready") == 6;
            },
            "the remaining transfers are updated");

        foreach (var transfer in transfers)
        {
            await transfer.Open();
            (await app.CountEvents("transfer.resumed", transfer.Id)).Should().BeLessThanOrEqualTo(1);
        }

        await app.DisposeAsync();

        async Task<int> With(string status) =>
            (await Task.WhenAll(transfers.Select(t => t.Read()))).Count(r => r["status"] == status);
    }

    private sealed class FailSecondResume : SaveChangesInterceptor
    {
        private int resumed;

        public bool IsArmed { get; set; }

        public bool HasFailed { get; private set; }

        public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
            DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            var resumes = eventData.Context!.ChangeTracker.Entries<Transfer>()
                .Any(e => e.State is EntityState.Modified && e.Entity.Status is TransferStatus.Ready);
            if (!IsArmed || !resumes || ++resumed != 2) return ValueTask.FromResult(result);
            HasFailed = true;
            throw new TimeoutException("The database is away for a moment.");
        }
    }
}
