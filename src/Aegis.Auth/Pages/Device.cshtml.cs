namespace Aegis.Auth.Pages;

/// <summary>
/// Where people let a program in that shows a code (RFC 8628 §3.3). Looking decides nothing: the address may come from anybody.
/// </summary>
[RequireScope(RequireScopeAttribute.Any)]
[RequireRecentSignIn]
internal sealed class DevicePage(DeviceApproval approval, Caller caller) : PageModel
{
    [BindProperty]
    public string? UserCode { get; set; }

    public Caller Person => caller;

    /// <summary>What waits behind the code, while nobody has decided.</summary>
    public DeviceRequest? Asked { get; private set; }

    /// <summary><c>approved</c> or <c>denied</c>, once the person has.</summary>
    public string? Outcome { get; private set; }

    /// <summary>The name of the program that was decided about, as a sentence begins with it.</summary>
    public string Program { get; private set; } = "";

    public Task<IActionResult> OnGet([FromQuery(Name = "user_code")] string? userCode, CancellationToken ct)
    {
        UserCode = userCode;
        return string.IsNullOrWhiteSpace(userCode)
            ? Task.FromResult<IActionResult>(Page())
            : Show(async () => Asked = await approval.Look(userCode, caller, ct));
    }

    public Task<IActionResult> OnPostApprove(CancellationToken ct) => Show(async () =>
    {
        Program = Capital((await approval.Look(UserCode, caller, ct)).Client);
        await approval.Approve(UserCode, caller, ct);
        Outcome = "approved";
    });

    public Task<IActionResult> OnPostDeny(CancellationToken ct) => Show(async () =>
    {
        Program = Capital((await approval.Look(UserCode, caller, ct)).Client);
        await approval.Deny(UserCode, caller, ct);
        Outcome = "denied";
    });

    private static string Capital(string name) => name.StartsWith("the ", StringComparison.Ordinal) ? $"T{name[1..]}" : name;

    /// <summary>A code that does not work leads back to the field where another one can be typed.</summary>
    private async Task<IActionResult> Show(Func<Task> work)
    {
        try
        {
            await work();
            return Page();
        }
        catch (RefusedException refused) when (refused.Code.StartsWith("device_", StringComparison.Ordinal))
        {
            ModelState.Clear();
            ModelState.AddModelError("user_code", refused.Message);
            return new PageResult { StatusCode = refused.Status };
        }
    }
}
