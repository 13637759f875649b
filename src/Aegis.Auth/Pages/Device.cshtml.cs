namespace Aegis.Auth.Pages;

/// <summary>
/// The page where people approve or deny a program that shows a code (RFC 8628 §3.3). Opening the page decides nothing, because anybody may
/// have sent the link.
/// </summary>
[RequireScope(RequireScopeAttribute.Any)]
[RequireRecentSignIn]
internal sealed class DevicePage(DeviceApproval approval, Caller caller) : PageModel
{
    [BindProperty]
    public string? UserCode { get; set; }

    public Caller Person => caller;

    /// <summary>The request of the code, while nobody has decided.</summary>
    public DeviceRequest? Asked { get; private set; }

    /// <summary><c>approved</c> or <c>denied</c>, after the person has decided.</summary>
    public string? Outcome { get; private set; }

    /// <summary>The name of the program that was approved or denied, with a capital for the start of a sentence.</summary>
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
        Program = Capitalize((await approval.Look(UserCode, caller, ct)).Client);
        await approval.Approve(UserCode, caller, ct);
        Outcome = "approved";
    });

    public Task<IActionResult> OnPostDeny(CancellationToken ct) => Show(async () =>
    {
        Program = Capitalize((await approval.Look(UserCode, caller, ct)).Client);
        await approval.Deny(UserCode, caller, ct);
        Outcome = "denied";
    });

    private static string Capitalize(string name) => name.StartsWith("the ", StringComparison.Ordinal) ? $"T{name[1..]}" : name;

    /// <summary>A code that does not work shows the field again, so that another one can be typed.</summary>
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
