using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;

namespace Aegis.Auth.Protection;

/// <summary>
/// Stores the keys of Data Protection sealed in the database, so that all hosts share them and no key is written to a home directory.
/// </summary>
internal sealed class SealedKeyRepository(IServiceScopeFactory scopes, SealedBox box, TimeProvider clock)
    : IXmlRepository, IConfigureOptions<KeyManagementOptions>
{
    public void Configure(KeyManagementOptions options)
    {
        options.XmlRepository = this;
        options.XmlEncryptor = new NullXmlEncryptor(); // Store seals the whole XML
    }

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        var rows = scope.ServiceProvider.GetRequiredService<AuthDb>().ProtectionKeys.AsNoTracking().OrderBy(k => k.Id).ToList();
        return rows.ConvertAll(k => XElement.Parse(box.OpenText(k.SealedXml, ProtectionKey.Subject(k.Id))));
    }

    /// <summary>Called at the first start and then every 90 days. The interface is synchronous, so this blocks.</summary>
    public void StoreElement(XElement element, string friendlyName) => Task.Run(() => Store(element)).GetAwaiter().GetResult();

    private async Task Store(XElement element)
    {
        var now = clock.GetUtcNow();
        var id = Ids.New("dpk", now);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDb>();
        db.ProtectionKeys.Add(
            ProtectionKey.Keep(id, box.SealText(element.ToString(SaveOptions.DisableFormatting), ProtectionKey.Subject(id)), now));
        await db.SaveChangesAsync();
    }
}
