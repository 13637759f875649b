using Aegis.Sdk.Identity;

namespace Aegis.Cli.Commands;

/// <summary><c>aegis users</c>.</summary>
internal static class UserCommands
{
    private const string RoleText = "operator, admin, or none for read access only.";

    public static Command Build(Sessions sessions) => new Command("users", "Users of your organization. Only admins can change them.").Has(
        List(sessions), Invite(sessions), InviteAgain(sessions), Update(sessions), Remove(sessions),
        ForOne(sessions, "show", "Show one user.", (u, id, ct) => u.GetAsync(id, ct)),
        ForOne(sessions, "disable", "End a user's access everywhere until the user is enabled again.",
            (u, id, ct) => u.UpdateAsync(id, new UserChanges { Disabled = true }, ct)),
        ForOne(sessions, "enable", "Restore a user's access.",
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
        var (email, name) = (Building.Id("email", "The person's email address, also used to sign in."),
            new Option<string>("--name") { Description = "The person's name.", Required = true });
        var role = new Option<string>("--role") { Description = RoleText, DefaultValueFactory = _ => "operator" };
        return new Command("invite", "Invite a user. The link to choose a password is shown once.").Takes(email, name, role)
            .WithExamples("aegis users invite a.person@example.org --name \"A. Person\" --role operator")
            .Does(async (parsed, ct) =>
            {
                using var client = await sessions.ClientAsync(parsed, ct);
                var user =
                    new InviteUser(parsed.GetRequiredValue(email), parsed.GetRequiredValue(name), Role(parsed.GetRequiredValue(role)));
                ShowOnce(sessions, parsed, await client.Users.InviteAsync(user, cancellationToken: ct));
            });
    }

    private static Command InviteAgain(Sessions sessions)
    {
        var id = UserId();
        return new Command("invite-again", "Send a new invitation when the first one has expired or the password is lost.").Takes(id)
            .Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            ShowOnce(sessions, parsed, await client.Users.InviteAgainAsync(parsed.GetRequiredValue(id), cancellationToken: ct));
        });
    }

    private static Command Update(Sessions sessions)
    {
        var (id, name, role) = (UserId(), Building.Text("--name", "The person's name."), Building.Text("--role", RoleText));
        return new Command("update", "Change the given fields and leave the others.").Takes(id, name, role)
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
        return new Command("remove", "Remove a user for good, with all keys and logins.").Takes(id).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            await client.Users.RemoveAsync(parsed.GetRequiredValue(id), ct);
            sessions.Printer(parsed).Say($"✓ Removed. {parsed.GetRequiredValue(id)}");
        });
    }

    private static Command ForOne(
        Sessions sessions, string verb, string description, Func<UsersApi, string, CancellationToken, Task<User>> act)
    {
        var id = UserId();
        return new Command(verb, description).Takes(id).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            sessions.Printer(parsed).Show(await act(client.Users, parsed.GetRequiredValue(id), ct));
        });
    }

    private static void ShowOnce(Sessions sessions, ParseResult parsed, InvitedUser invited)
    {
        sessions.Printer(parsed).Show(invited);
        sessions.Around.Error.WriteLine(invited.Mailed
            ? "! The invitation link was sent by mail. It is shown to nobody else."
            : "! Give the link to the person now: it is not shown again, and anyone who has it can become the user.");
    }

    private static Argument<string> UserId() => Building.Id("id", "usr_…");

    private static string? Role(string given) => given switch
    {
        "none" => null,
        _ when given.StartsWith("aegis:", StringComparison.Ordinal) => given,
        _ => $"aegis:{given}",
    };
}
