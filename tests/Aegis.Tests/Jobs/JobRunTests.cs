using Aegis.Kernel.Jobs;
using Hangfire;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace Aegis.Tests.Jobs;

/// <summary>Jobs run by Hangfire.</summary>
[Collection(JobsApp.Shared)]
public sealed class JobRunTests(JobsApp host)
{
    [Fact]
    public void Every_registered_job_is_scheduled()
    {
        using var connection = host.App.Services.GetRequiredService<JobStorage>().GetConnection();

        var scheduled = connection.GetRecurringJobs();

        scheduled.Select(j => j.Id).Should().BeEquivalentTo(host.App.Services.GetServices<JobRegistration>().Select(j => j.Name));
        scheduled.Should().OnlyContain(j => j.NextExecution != null && j.LoadException == null && j.Error == null);
    }

    [Fact]
    public async Task A_failed_job_runs_again_at_its_next_time()
    {
        await FlakyJob.RanAgain.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_due_credential_is_rotated_by_the_scheduled_job()
    {
        var admin = host.App.As("admin");
        (await admin.Post("/v1/credentials",
            new
            {
                name = "due",
                credential_type = "api_key",
                provider = "generated",
                value = "first",
                rotation_enabled = true,
                rotation_interval_hours = 1
            }))
            .ShouldBe(HttpStatusCode.Created);

        host.App.Clock.Advance(TimeSpan.FromHours(2));

        await JobsApp.Until(async () => (await admin.Get("/v1/credentials/due/value"))["value"] != "first");
        Succeeded("vault.rotate-due").Should().BeGreaterThan(0);
    }

    [Fact]
    public async Task A_running_job_is_not_scheduled_again()
    {
        host.Schedule.Trigger(SlowJob.Name);
        await JobsApp.Until(() => SlowJob.Begun == 1);

        host.Schedule.Trigger(SlowJob.Name);
        host.Schedule.Trigger(SlowJob.Name);

        Waiting(SlowJob.Name).Should().Be(0);
        SlowJob.End.SetResult();
        await JobsApp.Until(() => Succeeded(SlowJob.Name) == 1);
        host.Schedule.Trigger(SlowJob.Name);
        await JobsApp.Until(() => Succeeded(SlowJob.Name) == 2);
        SlowJob.Begun.Should().Be(2);
    }

    [Fact]
    public async Task A_failure_is_counted_deleted_later_and_explained_only_in_the_log()
    {
        host.Schedule.Trigger(FailingJob.Name);
        await JobsApp.Until(() => Failed().Count == 1);

        var (id, failed) = Failed().Single();
        var details = host.Runs.JobDetails(id);

        JsonSerializer.Serialize(details.History.Select(h => h.Data))
            .Should().Contain("See the log of the host").And.NotContain(FailingJob.Message);
        failed.ExceptionMessage.Should().NotContain(FailingJob.Message);
        details.ExpireAt.Should().NotBeNull();
        (await host.App.As("admin").Get($"/hangfire/jobs/details/{id}")).ShouldBe(HttpStatusCode.OK).Text
            .Should().NotContain(FailingJob.Message);
        host.Runs.ScheduledCount().Should().Be(0, "the next run is the retry");
    }

    private int Succeeded(string name) => host.Runs.SucceededJobs(0, 1000).Count(j => Equals(j.Value.Job?.Args[0], name));

    private List<KeyValuePair<string, FailedJobDto>> Failed() =>
        host.Runs.FailedJobs(0, 1000).Where(j => Equals(j.Value.Job?.Args[0], FailingJob.Name)).ToList();

    private int Waiting(string name) => host.Runs.EnqueuedJobs("default", 0, 1000).Count(j => Equals(j.Value.Job?.Args[0], name));
}
