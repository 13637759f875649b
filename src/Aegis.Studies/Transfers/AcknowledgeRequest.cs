using FluentValidation;

namespace Aegis.Studies.Transfers;

/// <summary>Acknowledges what the consumer received.</summary>
/// <param name="Instances">Number of instances.</param>
/// <param name="Bytes">Bytes of the archive, or total bytes of the instances.</param>
/// <param name="Sha256">SHA-256 of the archive, or over the sorted SHA-256 of the instances; hex.</param>
internal sealed record AcknowledgeRequest(int Instances, long Bytes, string Sha256);

internal sealed class AcknowledgeRequestValidator : AbstractValidator<AcknowledgeRequest>
{
    public AcknowledgeRequestValidator()
    {
        RuleFor(x => x.Instances).GreaterThanOrEqualTo(0).WithMessage("instances must be 0 or more.");
        RuleFor(x => x.Bytes).GreaterThanOrEqualTo(0).WithMessage("bytes must be 0 or more.");
        RuleFor(x => x.Sha256).Matches("^[0-9a-fA-F]{64}$").WithMessage("sha256 must be 64 hexadecimal digits.");
    }
}
