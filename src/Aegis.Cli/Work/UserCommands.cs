using Aegis.Sdk.Identity;

namespace Aegis.Cli.Work;

/// <summary><c>aegis users</c>.</summary>
internal static class UserCommands
{
    private const string RoleText = "operator, admin, or none for one who may only read.";

    public static Command Build(Sessions sessions) => new Command("users", "People of your organization; changing them is for admins.").Has(
        List(sessions), Invite(sessions), InviteAgain(sessions), Update(sessions), Remove(sessions),
        One(sessions, "show", "Show one user.", (u, id, ct) => u.GetAsync(id, ct)),
        One(sessions, "disable", "End a user's access everywhere, until it is enabled again.",
            (u, id, ct) => u.UpdateAsync(id, new UserChanges { Disabled = true }, ct)),
        One(sessions, "enable", "Give a user its access back.",
            (u, id, ct) => u.UpdateAsync(id, new UserChanges { Disabled = false }, ct)));

    private static Command List(Sessions sessions) =>
        new Command("list", "List users, newest first.") { Aliases = { "ls" } }.Takes(Building.Limit).Does(async (parsed, ct) =>
    {
        using var client = await sessions.ClientAsync(parsed, ct);
        var found = await sessions.ShownAsync(parsed, client.Users.ListAsync(ct), ct);
        sessions.Printer(parsed).ShowAll(found, "id", "email", "name", "role", "hasPassword", "lockedUntil", "disabledAt");
    });

    private static Command Invite(Sessions sessions)
    {
        var (email, name) = (Building.Id("email", "Where the person is reached; the name it signs in with."),
            new Option<string>("--name") { Description = "What it is called.", Required = true });
        var role = new Option<string>("--role") { Description = RoleText, DefaultValueFactory = _ => "operator" };
        return new Command("invite", "Add a user. The address where it chooses a password is shown once.").Takes(email, name, role)
            .WithExamples("aegis users invite a.person@example.org --name \"A. Person\" --role operator")
            .Does(async (parsed, ct) =>
            {
                using var client = await sessions.ClientAsync(parsed, ct);
                var user =
                    new InviteUser(parsed.GetRequiredValue(email), parsed.GetRequiredValue(name), Role(parsed.GetRequiredValue(role)));
                Once(sessions, parsed, await client.Users.InviteAsync(user, cancellationToken: ct));
            });
    }

    private static Command InviteAgain(Sessions sessions)
    {
        var id = UserId();
        return new Command("invite-again", "Make a new invitation: the first one has expired, or the password is lost.").Takes(id)
            .Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            Once(sessions, parsed, await client.Users.InviteAgainAsync(parsed.GetRequiredValue(id), cancellationToken: ct));
        });
    }

    private static Command Update(Sessions sessions)
    {
        var (id, name, role) = (UserId(), Building.Text("--name", "What it is called."), Building.Text("--role", RoleText));
        return new Command("update", "Change what is given and leave the rest.").Takes(id, name, role)
            .WithExamples("aegis users update usr_… --role admin").Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            var changes = new UserChanges();
            if (parsed.GetValue(name) is { } called) changes.Name = called;
            if (parsed.GetValue(role) is { } given) changes.Role = Role(given);
            sessions.Printer(parsed).Show(await client.Users.UpdateAsync(parsed.GetRequiredValue(id), changes, ct));
        });
    }

    private static Command Remove(Sessions sessions)
    {
        var id = UserId();
        return new Command("remove", "Remove a user for good, with keys and logins.").Takes(id).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            await client.Users.RemoveAsync(parsed.GetRequiredValue(id), ct);
            sessions.Printer(parsed).Say($"✓ Removed. {parsed.GetRequiredValue(id)}");
        });
    }

    private static Command One(
        Sessions sessions, string verb, string description, Func<UsersApi, string, CancellationToken, Task<User>> act)
    {
        var id = UserId();
        return new Command(verb, description).Takes(id).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            sessions.Printer(parsed).Show(await act(client.Users, parsed.GetRequiredValue(id), ct));
        });
    }

    private static void Once(Sessions sessions, ParseResult parsed, InvitedUser invited)
    {
        sessions.Printer(parsed).Show(invited);
        sessions.Around.Error.WriteLine(invited.Mailed
            ? "! The person gets the address by mail; it is shown to nobody else."
            : "! Hand the address to the person now: it is not shown again, and whoever has it becomes the user.");
    }

    private static Argument<string> UserId() => Building.Id("id", "usr_…");

    private static string? Role(string given) => given switch
    {
        "none" => null,
        _ when given.StartsWith("aegis:", StringComparison.Ordinal) => given,
        _ => $"aegis:{given}",
    };
}
