using Aegis.Kernel.Web.Idempotency;
using FluentValidation;

namespace Aegis.Auth.Pages;

/// <summary>
/// Makes a key with a name, an expiry and scopes. A preset checks its scopes; without the script its button reloads the page for that.
/// </summary>
[RequireScope(Aegis.Contracts.Identity.Scopes.KeyCreate)]
[RequireRecentSignIn]
internal sealed class NewKeyPage(KeyChanges changes, OneTimeForms forms, IValidator<CreateKeyRequest> validator, Caller caller) : PageModel
{
    private const string Custom = "custom";

    private static readonly (string Name, string Label, string Description)[] PresetTexts =
    [
        ("read-only", "Read-only", "Lists and reads. No changes."),
        ("execution", "Execution", "Like Read-only. Also runs agents and workflows."),
        ("developer", "Developer", "Like Execution. Also creates and changes agents, workflows, credentials and keys."),
        ("study-consumer", "Study consumer", "Requests studies, opens and destroys them."),
        ("study-provider", "Study provider", "Fulfils and declines requests for studies."),
        ("full-access", "Full access", "Everything that your role allows."),
    ];

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string Expiry { get; set; } = "30d";

    [BindProperty]
    public string Preset { get; set; } = Access.Permissions.Presets.ReadOnly.Name;

    [BindProperty(Name = "Scopes")]
    public List<string> Scopes { get; set; } = [];

    /// <summary>The token of this form. It makes one key, however often it is sent.</summary>
    [BindProperty]
    public string? Once { get; set; }

    /// <summary>The key, which is shown only once.</summary>
    public NewKeyResponse? Made { get; private set; }

    /// <summary>The key that an earlier post of this form made, or null.</summary>
    public string? Earlier { get; private set; }

    public IReadOnlyList<(string Value, string Label)> Expiries { get; } =
    [
        ("7d", "7 days"), ("30d", "30 days"), ("90d", "90 days"), ("1y", "1 year"),
        .. caller.Role == Roles.Admin ? [("never", "No expiry")] : Array.Empty<(string, string)>(),
    ];

    public IEnumerable<PresetChoice> Presets => PresetTexts
        .Select(p => new PresetChoice(p.Name, p.Label, p.Description, string.Join(' ', ScopesOf(p.Name))))
        .Append(new PresetChoice(Custom, "Custom", "Only what you check below.", ""));

    public IEnumerable<ScopeRow> Rows => ScopeCatalogue.Rows.Where(row => row.Scopes.Any(MayGrant));

    public bool MayGrant(string scope) => caller.Has(scope);

    public void OnGet() => (Scopes, Once) = (ScopesOf(Preset), OneTimeForms.Draw());

    public void OnPostPreset()
    {
        ModelState.Clear();
        if (Preset != Custom) Scopes = ScopesOf(Preset);
    }

    public async Task<IActionResult> OnPost(CancellationToken ct)
    {
        ModelState.Clear();
        var request = new CreateKeyRequest(Name ?? "", Expiry, Scopes: [.. Scopes.Order(StringComparer.Ordinal)]);
        foreach (var error in (await validator.ValidateAsync(request, ct)).Errors)
            ModelState.AddModelError(PageName(error.PropertyName), Sentence(error.PropertyName, error.ErrorMessage));
        if (!ModelState.IsValid) return Page();
        try
        {
            (Made, Earlier) = await forms.Take(HttpContext, Once, () => changes.Create(request, caller, ct));
        }
        catch (RefusedException refused) when (refused.Status is 403 or 409)
        {
            ModelState.AddModelError(
                refused.Code.StartsWith("expiry", StringComparison.Ordinal) ? nameof(Expiry) : nameof(Scopes), refused.Message);
        }

        return Earlier is null ? Page() : new PageResult { StatusCode = StatusCodes.Status409Conflict };
    }

    private List<string> ScopesOf(string preset) =>
        Access.Permissions.Presets.Find(preset) is { } found ? [.. found.Scopes.Where(MayGrant)] : [];

    private static string PageName(string path) =>
        path.Split('[')[0] switch { "name" => nameof(Name), "expiry" => nameof(Expiry), _ => nameof(Scopes) };

    private string Sentence(string path, string sentence) => PageName(path) switch
    {
        nameof(Name) =>
            string.IsNullOrWhiteSpace(Name) ? "Enter a name for the key." : "Choose a name of one line, with at most 100 characters.",
        nameof(Scopes) when Scopes.Count == 0 => "Check at least one scope.",
        _ => sentence,
    };
}

/// <summary>A preset as the page offers it.</summary>
/// <param name="Name">Its wire name.</param>
/// <param name="Label">Its name for people.</param>
/// <param name="Description">Its purpose.</param>
/// <param name="Scopes">Those of its scopes that the person may grant, separated by spaces.</param>
internal sealed record PresetChoice(string Name, string Label, string Description, string Scopes);
