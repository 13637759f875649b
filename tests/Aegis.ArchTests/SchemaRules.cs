using System.Security.Cryptography;
using System.Text;
using Aegis.Kernel.Persistence;
using Aegis.Kernel.Sealing.Rewrapping;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.ArchTests;

/// <summary>Rule 6: each module keeps to its own tables, and the migrations of both databases are what the model says.</summary>
public sealed class SchemaRules
{
    private static readonly string[] Shared = ["outbox", "inbox", "audit_pending", "idempotency"];

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.SqlServer)]
    public void Migrations_of_every_module_equal_its_model(DatabaseKind provider)
    {
        foreach (var db in Contexts(provider))
            db.Database.HasPendingModelChanges().Should().BeFalse("{0} needs tools/Aegis.Migrations/add NAME", db.GetType().Name);
    }

    /// <summary>
    /// An existing database has run it: a change there would never reach that database. Each change is a new migration.
    /// </summary>
    [Fact]
    public void Migrations_of_release_0_1_0_are_never_rewritten()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Solution.Folder, "src"), "20260101000000_Initial.cs", SearchOption.AllDirectories)
            .OrderBy(Solution.Relative, StringComparer.Ordinal).ToList();
        var text = string.Concat(files.Select(f => $"{Solution.Relative(f)}\n{File.ReadAllText(f).ReplaceLineEndings("\n")}"));

        files.Should().HaveCount(6 * 2, "six contexts have one for each of two databases");
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))
            .Should().Be("c169d612a56b1c82fe3ad3fa6751f9f7a568db20a530210416270af9b6e0b6da");
    }

    /// <summary>
    /// EF's own strategy for SQL Server wraps errors that pass, so that neither a deadlock nor a server that is away would be known as
    /// what it is.
    /// </summary>
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.SqlServer)]
    public void No_database_repeats_or_wraps_what_fails(DatabaseKind provider)
    {
        foreach (var db in Contexts(provider))
            db.Database.CreateExecutionStrategy().Should()
                .BeOfType<NonRetryingExecutionStrategy>("{0} leaves failures as they are", db.GetType().Name);
    }

    [Fact]
    public void A_module_maps_its_own_tables_and_the_shared_ones_only()
    {
        foreach (var db in Contexts(DatabaseKind.SqlServer).Where(d => d is not KernelDb))
        {
            foreach (var entity in Entities(db))
            {
                var shared = Shared.Contains(entity.GetTableName());
                entity.GetSchema().Should().Be(shared ? "kernel" : db.Module);
                entity.IsTableExcludedFromMigrations().Should().Be(shared);
            }
        }
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.SqlServer)]
    public void Every_text_column_has_a_length(DatabaseKind provider)
    {
        var endless = Contexts(provider).SelectMany(Entities).SelectMany(e => e.GetFlattenedProperties())
            .Where(p => IsText(p) && p.GetMaxLength() is null)
            .Select(p => $"{p.DeclaringType.DisplayName()}.{p.Name}");

        endless.Should().BeEmpty();
    }

    [Fact]
    public void Text_columns_compare_byte_by_byte_on_SqlServer()
    {
        var loose = Contexts(DatabaseKind.SqlServer).SelectMany(Entities).SelectMany(e => e.GetFlattenedProperties())
            .Where(p => IsText(p) && p.GetCollation() != "Latin1_General_100_BIN2")
            .Select(p => $"{p.DeclaringType.DisplayName()}.{p.Name}");

        loose.Should().BeEmpty();
    }

    [Fact]
    public void Keys_and_indexes_fit_into_SqlServers_limits()
    {
        const int clustered = 900;
        const int index = 1700;
        foreach (var entity in Contexts(DatabaseKind.SqlServer).SelectMany(Entities))
        {
            Bytes(entity.FindPrimaryKey()!.Properties).Should().BeLessThanOrEqualTo(clustered, "of the key of {0}", entity.DisplayName());
            foreach (var one in entity.GetIndexes())
                Bytes(one.Properties).Should().BeLessThanOrEqualTo(index, "of an index of {0}", entity.DisplayName());
        }
    }

    [Fact]
    public void The_database_generates_no_values()
    {
        var generated = Contexts(DatabaseKind.SqlServer).SelectMany(Entities).SelectMany(e => e.GetFlattenedProperties())
            .Where(p => p.ValueGenerated != ValueGenerated.Never)
            .Select(p => $"{p.DeclaringType.DisplayName()}.{p.Name}");

        generated.Should().BeEmpty();
    }

    /// <summary>A unique index over a nullable column is filtered on SQL Server, so it does not say the same on both databases.</summary>
    [Fact]
    public void Unique_indexes_have_no_nullable_column()
    {
        var filtered = Contexts(DatabaseKind.SqlServer).SelectMany(Entities).SelectMany(e => e.GetIndexes())
            .Where(i => i.IsUnique && i.Properties.Any(p => p.IsNullable))
            .Select(i => i.GetDatabaseName());

        filtered.Should().BeEmpty();
    }

    /// <summary>A new column of bytes is sealed, so that it follows a rotation of keys, or is listed here.</summary>
    [Fact]
    public void Every_column_of_bytes_is_declared_sealed_or_known_to_be_none()
    {
        string[] plain =
        [
            "StudyKey.SealedFileKey", // under the key of its day, which is never rotated
            "Application.StatusTokenHash", "Claim.TokenHash", "Invitation.TokenHash", "KnownBrowser.TokenHash", "Passkey.PublicKey",
            "DeviceGrant.DeviceCodeHash", "DeviceGrant.UserCodeHash", "ApiKey.Mac", "SigningKey.PublicKey", "EvidenceKey.PublicKey",
            // places and lengths
            "Meter.ServedIntervals", "Meter.ServedAtMostIntervals", "Meter.UncoveredIntervals", "StudyKey.CountedBytes",
            "ContentTicket.ServedIntervals", "AuditPendingRow.Body", "LogEntry.Body", "LogEntry.Salt", "TileRow.Hashes",
        ];
        var undeclared = Contexts(DatabaseKind.Sqlite).SelectMany(d => d.Model.GetEntityTypes()).SelectMany(e => e.GetFlattenedProperties())
            .Where(p => p.ClrType == typeof(byte[]) && !SealedProperty.IsSealed(p))
            .Select(p => $"{p.DeclaringType.ClrType.Name}.{p.Name}");

        undeclared.Distinct().Except(plain).Should().BeEmpty("a map says IsSealed(…) of what SealedBox seals");
    }

    private static int Bytes(IEnumerable<IProperty> properties) => properties.Sum(p =>
        IsText(p) ? 2 * p.GetMaxLength() ?? 4000 : 8);

    /// <summary>Enums and lists are stored as text too.</summary>
    private static bool IsText(IProperty property) =>
        (property.GetTypeMapping().Converter?.ProviderClrType ?? property.ClrType) == typeof(string);

    private static IEnumerable<IEntityType> Entities(ModuleDb db) =>
        db.GetService<IDesignTimeModel>().Model.GetEntityTypes();

    private static List<ModuleDb> Contexts(DatabaseKind provider)
    {
        var scope = Solution.Services(provider).BuildServiceProvider().CreateScope().ServiceProvider;
        return scope.GetServices<ModuleDbRegistration>().Select(m => (ModuleDb)scope.GetRequiredService(m.Abstract)).ToList();
    }
}
