using Aegis.Contracts.Vault;
using Aegis.Kernel.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Vault.Copying;

/// <summary>Registers what keeps copies up to date.</summary>
internal static class CopyServices
{
    public static void AddKeptCopies(this IServiceCollection services)
    {
        services.AddScoped<CopyWork>();
        services.AddHostedService<CopySender>();
        services.AddHandler<AskForCopy, VaultDb>(
            AskForCopy.Name,
            when: e => e is CredentialRotated { HasCopy: true } or CredentialRolledBack { HasCopy: true }
                or CredentialValueSet { HasCopy: true });
    }
}
