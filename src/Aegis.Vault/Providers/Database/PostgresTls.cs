using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace Aegis.Vault.Providers.Database;

/// <summary>Configures TLS to a checked address, with the certificate of the configured name.</summary>
internal static class PostgresTls
{
    public static bool IsReadable(string pem)
    {
        try
        {
            return Read(pem).Count > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public static void Apply(NpgsqlSlimDataSourceBuilder builder, DatabaseSettings settings)
    {
        builder.ConnectionStringBuilder.SslMode = settings.Tls switch
        {
            DatabaseSettings.Disable => SslMode.Disable,
            DatabaseSettings.Require => SslMode.Require,
            _ => SslMode.VerifyFull,
        };
        if (settings.Tls == DatabaseSettings.Disable) return;
        builder.EnableTransportSecurity();
        // The connection goes to an address, so the name must be given here.
        builder.UseSslClientAuthenticationOptionsCallback(options => options.TargetHost = settings.Host);
        if (settings.Authorities is { } pem) builder.UseRootCertificates(Read(pem));
    }

    private static X509Certificate2Collection Read(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates;
    }
}
