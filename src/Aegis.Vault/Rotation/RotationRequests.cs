namespace Aegis.Vault.Rotation;

/// <summary>Asks for a new value.</summary>
/// <param name="Trigger"><c>manual</c>, or <c>emergency</c> to end the old value at once.</param>
/// <param name="Reason">Stored with the version as its note, at most 200 characters. Do not put secrets here.</param>
internal sealed record RotateRequest(string Trigger, string? Reason = null);

internal sealed class RotateValidator : AbstractValidator<RotateRequest>
{
    public RotateValidator()
    {
        RuleFor(x => x.Trigger).Must(t => t is "manual" or "emergency").WithMessage("trigger must be 'manual' or 'emergency'.");
        RuleFor(x => x.Reason).Must(CredentialRules.IsNote).WithMessage(CredentialRules.NoteSentence("reason"));
    }
}

/// <summary>Asks for an older version.</summary>
/// <param name="Version">One of <c>version_history</c>.</param>
internal sealed record RollbackRequest(int Version);

internal sealed class RollbackValidator : AbstractValidator<RollbackRequest>
{
    public RollbackValidator() => RuleFor(x => x.Version).GreaterThan(0).WithMessage("version must be 1 or more.");
}
