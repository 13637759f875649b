using Aegis.Contracts.Vault;
using Aegis.Kernel.Events;
using Aegis.Vault.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Vault.Copying;

/// <summary>Registers what keeps copies up to date.</summary>
internal static class CopyServices
{
    public static void AddKeptCopies(this IServiceCollection services)
    {
        services.AddScoped<CopyWork>();
        services.AddHostedService<CopySender>();
        services.AddHandler<CredentialRotated, AskForCopy, VaultDb>(AskForCopy.Name, when: c => c.HasCopy);
        services.AddHandler<CredentialRolledBack, AskForCopy, VaultDb>(AskForCopy.Name, when: c => c.HasCopy);
        services.AddHandler<CredentialValueSet, AskForCopy, VaultDb>(AskForCopy.Name, when: c => c.HasCopy);
    }
}
