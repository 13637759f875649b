using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Kernel.Sealing.Rewrapping;

/// <summary>
/// Marks a column as sealed by <see cref="SealedBox"/>, with its subject. The mark is all that a module needs for key rotation to rewrap
/// its secrets.
/// </summary>
public static class SealedProperty
{
    private const string Kind = "Aegis:SealedAs";
    private const string Id = "Aegis:SealedForId";
    private const string Version = "Aegis:SealedForVersion";
    private const string KeyId = "Aegis:SealedUnder";

    /// <summary>Marks a column sealed for the row's id: <c>.IsSealed(Session.Subject)</c>.</summary>
    public static PropertyBuilder IsSealed(this PropertyBuilder column, Func<string, SealedFor> subject) =>
        column.HasAnnotation(Kind, subject("").Table);

    /// <summary>Marks a column sealed for a record and its version.</summary>
    /// <param name="column">The sealed bytes.</param>
    /// <param name="subject">Makes the subject from id and version.</param>
    /// <param name="id">Name of the property with the subject's id.</param>
    /// <param name="version">Name of the property with the subject's version.</param>
    /// <param name="keyId">
    /// Name of an indexed text property that repeats the key id. Use it for tables with very many rows or long values: without it,
    /// finding values under an old key reads the start of every value.
    /// </param>
    public static PropertyBuilder IsSealed(
        this PropertyBuilder column, Func<string, int, SealedFor> subject, string id, string version, string? keyId = null)
    {
        column.HasAnnotation(Kind, subject("", 1).Table).HasAnnotation(Id, id).HasAnnotation(Version, version);
        return keyId is null ? column : column.HasAnnotation(KeyId, keyId);
    }

    internal static bool IsSealed(IReadOnlyProperty column) => column.FindAnnotation(Kind) is not null;

    internal static (string Kind, IProperty Id, IProperty? Version, IProperty? KeyId) SubjectOf(IProperty column)
    {
        var row = (IEntityType)column.DeclaringType.ContainingEntityType;
        return ((string)column[Kind]!,
            Find(row, column[Id]) ?? row.FindPrimaryKey()!.Properties.Single(),
            Find(row, column[Version]),
            Find(row, column[KeyId]));
    }

    private static IProperty? Find(IEntityType row, object? name) => name is null
        ? null
        : row.FindProperty((string)name) ?? throw new InvalidOperationException($"{row.DisplayName()} has no property {name}.");
}
