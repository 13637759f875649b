using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Aegis.Kernel.Persistence;

/// <summary>
/// The database of one module. Each save writes, in the same transaction, the events of its entities and their audit entries ( see
/// cref="RecordOnSave"/>), so no change is committed without them. A module derives an abstract context and one context per database, and
/// registers them (<see cref="ModuleDbServices"/>). see cref="Migrator"/> creates the tables, and <see cref="Installation"/> checks that
/// the key ring belongs to them. see cref="KernelTables"/> maps the tables that all modules write. Each <see cref="Entity"/> has a
/// revision; a save of an outdated one fails, and <see cref="Decisions"/> retries it. On SQLite, <see cref="WriteGate"/> lets one writer
/// work at a time. On SQL Server, see cref="ConnectionRetries"/> repeats what is safe to repeat after a transient failure; a commit is
/// never repeated. <see cref="DatabaseFailure"/> recognizes an unavailable database.
/// </summary>
public abstract class ModuleDb : DbContext
{
    private const string BinaryCollation = "Latin1_General_100_BIN2";

    private static readonly ValueComparer<string> Ordinal = new(
        (one, other) => string.Equals(one, other, StringComparison.Ordinal), text => text.GetHashCode(StringComparison.Ordinal));

    protected ModuleDb(DbContextOptions options, string module)
        : base(options)
    {
        Module = module;
        Database.AutoTransactionBehavior = AutoTransactionBehavior.Always; // the write gate is entered when a transaction starts
    }

    /// <summary>The module's schema name.</summary>
    public string Module { get; }

    /// <summary>The row types of this save that have waiters; they are woken at the commit.</summary>
    internal HashSet<Type> Awaited { get; } = [];

    /// <summary>True for the context that creates the shared tables.</summary>
    protected virtual bool OwnsKernelTables => false;

    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new InvalidOperationException("Save asynchronously: the write gate must not block a thread.");

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(40);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        if (!OwnsKernelTables) modelBuilder.ApplyConfigurationsFromAssembly(GetType().Assembly);
        SetTableNames(modelBuilder, Module);
        KernelTables.Map(modelBuilder, OwnsKernelTables);
        if (Database.IsSqlServer())
        {
            foreach (var type in KernelTables.Shared.Concat(OwnsKernelTables ? [typeof(InstallationRow)] : []))
                modelBuilder.Entity(type).Metadata.SetSchema("kernel");
        }

        foreach (var entity in modelBuilder.Model.GetEntityTypes().Where(e => typeof(Entity).IsAssignableFrom(e.ClrType)))
            entity.GetProperty(nameof(Entity.Revision)).IsConcurrencyToken = true;

        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(Columns))
        {
            property.ValueGenerated = ValueGenerated.Never;
            if (IsId(property) && property.GetMaxLength() is null) property.SetMaxLength(Ids.MaxLength);
            if (Database.IsSqlServer()) CompareByteByByte(property);
        }
    }

    /// <summary>True when the name ends with Id. Maps set a length for other systems' ids.</summary>
    private static bool IsId(IMutableProperty property) =>
        property.ClrType == typeof(string) && property.Name.EndsWith("Id", StringComparison.Ordinal);

    /// <summary>
    /// Compares text byte by byte, in the database and in the change tracker. On SQL Server the tracker would treat keys that differ only
    /// in case as equal.
    /// </summary>
    private static void CompareByteByByte(IMutableProperty property)
    {
        if (!IsText(property)) return;
        property.SetCollation(BinaryCollation);
        if (property.ClrType != typeof(string)) return;
        property.SetValueComparer(Ordinal);
        property.SetProviderValueComparer(Ordinal);
    }

    private static IEnumerable<IMutableProperty> Columns(IMutableTypeBase type) =>
        type.GetProperties().Concat(type.GetComplexProperties().SelectMany(c => Columns(c.ComplexType)));

    /// <summary>True for text columns; enums and lists are stored as text too.</summary>
    private static bool IsText(IMutableProperty property) =>
        property.IsPrimitiveCollection
            || (property.GetValueConverter()?.ProviderClrType ?? property.GetProviderClrType() ?? property.ClrType) == typeof(string);

    private void SetTableNames(ModelBuilder modelBuilder, string schema)
    {
        var tables = modelBuilder.Model.GetEntityTypes().Select(e => (Entity: e, Table: e.GetTableName())).ToList();
        foreach (var (entity, table) in tables)
        {
            if (Database.IsSqlServer()) entity.SetSchema(schema);
            else entity.SetTableName($"{schema}_{table}");
        }
    }

    /// <summary>Stores times as UTC ticks, which compare and sort in the same way on every database.</summary>
    private sealed class UtcTicks() : ValueConverter<DateTimeOffset, long>(
        time => time.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
}
