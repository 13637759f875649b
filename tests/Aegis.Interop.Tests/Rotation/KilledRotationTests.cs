namespace Aegis.Interop.Tests.Rotation;

/// <summary>A twentieth of what tests/campaign/rotation does with <c>--runs 100</c>.</summary>
public sealed class KilledRotationTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const int AtOnce = 5;

    [InteropFact("postgresql")]
    public async Task After_a_crash_at_any_point_of_a_rotation_only_the_value_in_use_logs_in()
    {
        await using var bed = new RotationBed(server);
        await using (var host = await bed.Start())
        {
            await bed.Make(host, Users.WithAdmin, 2);
            await bed.Make(host, Users.Alone, 2);
            await bed.Make(host, Users.Twins, AtOnce);
            await Task.WhenAll(bed.Accounts.Select(a => RotationBed.Ask(host, a, Act.Rotate)));
            var check = new AccountCheck(bed, host);
            await check.Check(bed.Accounts, exactly: 1);
            check.Violations.Should().BeEmpty();
        }

        var (mixed, twins) = (bed.Accounts.Take(AtOnce).ToList(), bed.Accounts.Where(a => a.Users is Users.Twins).ToList());
        var kills = new Kills(bed);
        // The other points are equivalent to the end of the step before them.
        foreach (var boundary in Boundary.All.Where(b => b.Point is "done.saved" || !b.Point.EndsWith(".saved", StringComparison.Ordinal)))
        {
            (await kills.At(boundary, boundary.OnlyTwins ? twins : mixed)).Should().Be(AtOnce, "all of them reach {0}", boundary.Point);
            mixed.Reverse();
        }

        await kills.Anywhere(bed.Accounts);
        kills.Violations.Should().BeEmpty();
    }

    [InteropFact("postgresql")]
    public async Task A_rotation_ends_once_host_and_target_are_back_after_a_crash_between_set_and_finish()
    {
        await using var bed = new RotationBed(server);
        await using (var host = await bed.Start(30, StartupHook.EndAt("test.before", 2)))
        {
            await bed.Make(host, Users.WithAdmin, 1);
            await bed.Make(host, Users.Alone, 1);
            var calls = bed.Accounts.Select(a => RotationBed.Ask(host, a, Act.Rotate)).ToList();
            (await host.Ends(TimeSpan.FromSeconds(90))).Should().BeTrue();
            foreach (var call in calls) await call.Invoking(c => c).Should().ThrowAsync<HttpRequestException>();
        }

        await server.Stop();
        await using var next = await bed.Start(10);
        foreach (var account in bed.Accounts)
        {
            var error = "";
            for (var i = 0; i < 100 && error.Length == 0; i++)
            {
                await Task.Delay(200);
                var run = (await next.As("admin")
                    .Get($"/v1/credentials/{account.Name}/rotations")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("items")[0];
                run.GetProperty("state").GetString().Should().Be("running");
                if (run.GetProperty("last_error") is { ValueKind: System.Text.Json.JsonValueKind.Object } last)
                    error = last.GetProperty("code").GetString()!;
            }

            error.Should().Be("unreachable");
            (await next.As("admin").Get($"/v1/credentials/{account.Name}"))["version"]
                .Should().Be("1", "it is not known yet whether the new one works");
        }

        await server.Start();
        var check = new AccountCheck(bed, next);
        await check.Check(bed.Accounts, exactly: 1);
        check.Violations.Should().BeEmpty();
    }
}
