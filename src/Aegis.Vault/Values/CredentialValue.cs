using Aegis.Kernel.Web.Input;

namespace Aegis.Vault.Values;

/// <summary>A plaintext value. Never logged; <c>ToString</c> gives three stars.</summary>
/// <param name="Name">Name of the credential.</param>
/// <param name="Version">The version.</param>
/// <param name="Value">The value.</param>
internal sealed record CredentialValue(string Name, int Version, string Value)
{
    public override string ToString() => "***";
}

/// <summary>A credential's value without the value itself.</summary>
/// <param name="Name">Name of the credential.</param>
/// <param name="Version">The version in use.</param>
internal sealed record CredentialValueHead(string Name, int Version);

/// <summary>Sets a value by hand.</summary>
/// <param name="Value">Up to 64 KiB of UTF-8.</param>
/// <param name="Reason">Stored with the version as its note, at most 200 characters. Do not put secrets here.</param>
[ConfidentialInput]
internal sealed record SetValueRequest(string Value, string? Reason = null)
{
    public override string ToString() => "***";
}

internal sealed class SetValueValidator : AbstractValidator<SetValueRequest>
{
    public SetValueValidator()
    {
        RuleFor(x => x.Value).Must(CredentialRules.IsValue).WithMessage(CredentialRules.ValueSentence);
        RuleFor(x => x.Reason).Must(CredentialRules.IsNote).WithMessage(CredentialRules.NoteSentence("reason"));
    }
}

/// <summary>The new version.</summary>
/// <param name="Name">Name of the credential.</param>
/// <param name="Version">The number of the new version, which is in use now.</param>
/// <param name="UpdatedAt">When.</param>
internal sealed record SetValueResponse(string Name, int Version, DateTimeOffset UpdatedAt);
