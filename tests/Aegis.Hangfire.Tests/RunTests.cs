using System.Net;
using System.Text.Json;
using Aegis.Kernel.Jobs;
using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Hangfire.Tests;

/// <summary>Hangfire runs the jobs that Quartz would.</summary>
[Collection(HangfireApp.Shared)]
public sealed class RunTests(HangfireApp hangfire)
{
    [Fact]
    public void Every_registered_job_is_scheduled()
    {
        using var connection = hangfire.App.Services.GetRequiredService<JobStorage>().GetConnection();

        var scheduled = connection.GetRecurringJobs();

        scheduled.Select(j => j.Id).Should().BeEquivalentTo(hangfire.App.Services.GetServices<JobRegistration>().Select(j => j.Name));
        scheduled.Should().OnlyContain(j => j.NextExecution != null && j.LoadException == null && j.Error == null);
    }

    [Fact]
    public async Task What_is_due_is_rotated_when_its_minute_comes()
    {
        var admin = hangfire.App.As("admin");
        (await admin.Post("/v1/credentials", new { name = "due", credential_type = "api_key", provider = "generated", value = "first", rotation_enabled = true, rotation_interval_hours = 1 }))
            .ShouldBe(HttpStatusCode.Created);

        hangfire.App.Clock.Advance(TimeSpan.FromHours(2));

        await HangfireApp.Until(async () => (await admin.Get("/v1/credentials/due/value"))["value"] != "first");
        Succeeded("vault.rotate-due").Should().BeGreaterThan(0);
    }

    [Fact]
    public async Task A_job_that_is_under_way_is_not_scheduled_again()
    {
        hangfire.Schedule.Trigger(SlowJob.Name);
        await HangfireApp.Until(() => SlowJob.Begun == 1);

        hangfire.Schedule.Trigger(SlowJob.Name);
        hangfire.Schedule.Trigger(SlowJob.Name);

        Waiting(SlowJob.Name).Should().Be(0);
        SlowJob.End.SetResult();
        await HangfireApp.Until(() => Succeeded(SlowJob.Name) == 1);
        hangfire.Schedule.Trigger(SlowJob.Name);
        await HangfireApp.Until(() => Succeeded(SlowJob.Name) == 2);
        SlowJob.Begun.Should().Be(2);
    }

    [Fact]
    public async Task A_failure_is_counted_forgotten_and_told_to_the_log_only()
    {
        hangfire.Schedule.Trigger(FailingJob.Name);
        await HangfireApp.Until(() => hangfire.Runs.FailedCount() == 1);

        var (id, failed) = hangfire.Runs.FailedJobs(0, 10).Single();
        var details = hangfire.Runs.JobDetails(id);

        JsonSerializer.Serialize(details.History.Select(h => h.Data)).Should().Contain("The log of this host says why").And.NotContain(FailingJob.Words);
        failed.ExceptionMessage.Should().NotContain(FailingJob.Words);
        details.ExpireAt.Should().NotBeNull();
        (await hangfire.App.As("admin").Get($"/hangfire/jobs/details/{id}")).ShouldBe(HttpStatusCode.OK).Text.Should().NotContain(FailingJob.Words);
        hangfire.Runs.ScheduledCount().Should().Be(0, "the next tick is the retry");
    }

    private int Succeeded(string name) => hangfire.Runs.SucceededJobs(0, 1000).Count(j => Equals(j.Value.Job?.Args[0], name));

    private int Waiting(string name) => hangfire.Runs.EnqueuedJobs("default", 0, 1000).Count(j => Equals(j.Value.Job?.Args[0], name));
}
