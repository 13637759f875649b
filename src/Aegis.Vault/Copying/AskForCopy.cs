using Aegis.Contracts.Vault;
using Aegis.Kernel.Events;

namespace Aegis.Vault.Copying;

/// <summary>Marks a kept copy as outdated. <see cref="CopySender"/> sends it later, so nothing here waits for n8n.</summary>
internal sealed class AskForCopy(VaultDb db, TimeProvider clock)
    : IHandle<CredentialRotated>, IHandle<CredentialRolledBack>, IHandle<CredentialValueSet>
{
    public const string Name = "AskForCopy"; // receipts are stored under it

    public Task Handle(CredentialRotated happened, CancellationToken ct) => Ask(happened.ObjectId, ct);

    public Task Handle(CredentialRolledBack happened, CancellationToken ct) => Ask(happened.ObjectId, ct);

    public Task Handle(CredentialValueSet happened, CancellationToken ct) => Ask(happened.ObjectId, ct);

    private async Task Ask(string credentialId, CancellationToken ct)
    {
        if (await db.KeptCopies.FirstOrDefaultAsync(c => c.CredentialId == credentialId, ct) is { } copy) copy.Ask(clock.GetUtcNow());
    }
}
