using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace Aegis.Vault.Providers.Database;

/// <summary>TLS to a checked address with the certificate of the configured name.</summary>
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

    public static void Apply(NpgsqlSlimDataSourceBuilder builder, DatabasePlace place)
    {
        builder.ConnectionStringBuilder.SslMode = place.Tls switch
        {
            DatabasePlace.Disable => SslMode.Disable,
            DatabasePlace.Require => SslMode.Require,
            _ => SslMode.VerifyFull,
        };
        if (place.Tls == DatabasePlace.Disable) return;
        builder.EnableTransportSecurity();
        builder.UseSslClientAuthenticationOptionsCallback(options => options.TargetHost = place.Host); // the connection goes to an address
        if (place.Authorities is { } pem) builder.UseRootCertificates(Read(pem));
    }

    private static X509Certificate2Collection Read(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates;
    }
}
