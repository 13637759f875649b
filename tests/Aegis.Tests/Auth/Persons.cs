using Aegis.Auth.Access.Bearer;
using Aegis.Auth.Access.Permissions;
using Aegis.Auth.People.Device;
using Aegis.Auth.Access.Sessions;
using Aegis.Auth.People.Logins;
using Aegis.Auth.People.Invitations;
using Aegis.Auth.People.Users;
using Aegis.Auth.Protection;
using Aegis.Kernel.Web.Callers;
using Aegis.Kernel.Identifiers;
using Microsoft.AspNetCore.Http;

namespace Aegis.Tests.Auth;

/// <summary>People who are logged in with a browser, and programs that they approve.</summary>
internal static class Persons
{
    public const string Realm = "/realms/aegis-system";
    public const string TokenPath = $"{Realm}/protocol/openid-connect/token";
    public const string DevicePath = $"{Realm}/protocol/openid-connect/auth/device";
    public const string RevokePath = $"{Realm}/protocol/openid-connect/revoke";
    public const string DeviceGrantType = "urn:ietf:params:oauth:grant-type:device_code";

    /// <summary>Creates a user of the organization and logs the user in.</summary>
    public static async Task<Person> Person(this AuthApp auth, string organization = "cons_456", string? role = Roles.Operator)
    {
        var now = auth.Clock.GetUtcNow();
        var user = User.Create(Ids.New("usr", now), organization, $"{Ids.New("u", now)}@example.org", "Test person", role, now);
        await auth.App.Use<AuthDb>(async db =>
        {
            db.Add(user);
            await db.SaveChangesAsync();
        });
        var session = await auth.App.Use<LoginSessions, Session>(logins =>
            logins.Begin(user, LoginSessions.Web, ["pwd", "otp"], new DefaultHttpContext(), CancellationToken.None));
        return new Person(auth, user.Id, user.Email, session.Id);
    }

    /// <summary>Sends a form.</summary>
    public static Task<ApiResponse> Form(this ApiClient client, string path, params (string Name, string Value)[] form) =>
        client.PostContent(path, new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value))));

    public static async Task<Codes> BeginDevice(this AuthApp auth, string? scope = null)
    {
        (string, string)[] form = scope is null ? [("client_id", "aegis-cli")] : [("client_id", "aegis-cli"), ("scope", scope)];
        var answer = (await auth.Anonymous.Form(DevicePath, form)).ShouldBe(HttpStatusCode.OK);
        return new Codes(answer["device_code"]!, answer["user_code"]!);
    }

    public static Task<ApiResponse> Poll(this AuthApp auth, Codes codes) =>
        auth.Anonymous.Form(TokenPath, ("grant_type", DeviceGrantType), ("client_id", "aegis-cli"), ("device_code", codes.Device));

    public static Task<ApiResponse> Refresh(this AuthApp auth, string token, string? scope = null)
    {
        List<(string, string)> form = [("grant_type", "refresh_token"), ("client_id", "aegis-cli"), ("refresh_token", token)];
        if (scope is not null) form.Add(("scope", scope));
        return auth.Anonymous.Form(TokenPath, [.. form]);
    }

    /// <summary>Approves a program and returns its tokens.</summary>
    public static async Task<ApiResponse> DeviceLogin(this AuthApp auth, Person person, string? scope = null)
    {
        var codes = await auth.BeginDevice(scope);
        await person.Approve(codes.User);
        return (await auth.Poll(codes)).ShouldBe(HttpStatusCode.OK);
    }
}

/// <summary>The two codes of a device grant.</summary>
internal sealed record Codes(string Device, string User);

/// <summary>A person who is logged in with a browser.</summary>
internal sealed record Person(AuthApp Auth, string UserId, string Email, string SessionId)
{
    public Task<Caller> Caller() =>
        Auth.App.Use<Admission, Caller>(async admission => await admission.AdmitLogin(SessionId, scopes: null, CancellationToken.None));

    public async Task<DeviceRequest> Look(string code)
    {
        var caller = await Caller();
        return await Auth.App.Use<DeviceApproval, DeviceRequest>(approval => approval.Look(code, caller, CancellationToken.None));
    }

    public async Task Approve(string code)
    {
        var caller = await Caller();
        await Auth.App.Use<DeviceApproval>(approval => approval.Approve(code, caller, CancellationToken.None));
    }

    public async Task Deny(string code)
    {
        var caller = await Caller();
        await Auth.App.Use<DeviceApproval>(approval => approval.Deny(code, caller, CancellationToken.None));
    }

    public Task LogOut() => Auth.App.Use<LoginSessions>(logins => logins.End(SessionId, CancellationToken.None));
}
