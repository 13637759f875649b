using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Kernel.Sealing.Rewrapping;

/// <summary>
/// Says in a map that a column holds what <see cref="SealedBox"/> sealed, and for which subject. That is all a module has to do for its
/// secrets to follow when keys are rotated.
/// </summary>
public static class SealedProperty
{
    private const string Kind = "Aegis:SealedAs";
    private const string Id = "Aegis:SealedForId";
    private const string Version = "Aegis:SealedForVersion";
    private const string KeyId = "Aegis:SealedUnder";

    /// <summary>Sealed for the row's own id: <c>.IsSealed(Session.Subject)</c>.</summary>
    public static PropertyBuilder IsSealed(this PropertyBuilder column, Func<string, SealedFor> subject) =>
        column.HasAnnotation(Kind, subject("").Table);

    /// <summary>Sealed for a record and its version.</summary>
    /// <param name="column">The sealed bytes.</param>
    /// <param name="subject">Makes the subject of id and version.</param>
    /// <param name="id">Name of the property that is the subject's id.</param>
    /// <param name="version">Name of the property that is the subject's version.</param>
    /// <param name="keyId">
    /// Name of an indexed text property that repeats the id of the key. Worth it where there are very many rows or long values: without it
    /// finding what is under an old key reads the beginning of every value.
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
            Named(row, column[Id]) ?? row.FindPrimaryKey()!.Properties.Single(),
            Named(row, column[Version]),
            Named(row, column[KeyId]));
    }

    private static IProperty? Named(IEntityType row, object? name) => name is null
        ? null
        : row.FindProperty((string)name) ?? throw new InvalidOperationException($"{row.DisplayName()} has no property {name}.");
}
