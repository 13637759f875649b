using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Aegis.Kernel.Persistence;

/// <summary>
/// The database of one module. Each save writes, in the same transaction, the events its entities raised and their audit entries
/// (<see cref="RecordOnSave"/>), so nothing commits unannounced or unaudited.
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
        Database.AutoTransactionBehavior = AutoTransactionBehavior.Always; // the write gate sits in the transaction
    }

    /// <summary>Schema of the module.</summary>
    public string Module { get; }

    /// <summary>Kinds of rows that were saved and that somebody waits for; told at the commit.</summary>
    internal HashSet<Type> Awaited { get; } = [];

    /// <summary>True for the one context that creates the shared tables.</summary>
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
        PlaceTables(modelBuilder, Module);
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

    /// <summary>An id of ours by its name. Maps give a length to those that have another, as ids of other systems do.</summary>
    private static bool IsId(IMutableProperty property) =>
        property.ClrType == typeof(string) && property.Name.EndsWith("Id", StringComparison.Ordinal);

    /// <summary>
    /// In the database, and in the change tracker, which takes keys of SQL Server for equal when only their case differs.
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

    /// <summary>Enums and lists are stored as text too.</summary>
    private static bool IsText(IMutableProperty property) =>
        property.IsPrimitiveCollection
            || (property.GetValueConverter()?.ProviderClrType ?? property.GetProviderClrType() ?? property.ClrType) == typeof(string);

    private void PlaceTables(ModelBuilder modelBuilder, string schema)
    {
        var tables = modelBuilder.Model.GetEntityTypes().Select(e => (Entity: e, Table: e.GetTableName())).ToList();
        foreach (var (entity, table) in tables)
        {
            if (Database.IsSqlServer()) entity.SetSchema(schema);
            else entity.SetTableName($"{schema}_{table}");
        }
    }

    /// <summary>Times are stored as UTC ticks, which compare and sort alike on every database.</summary>
    private sealed class UtcTicks() : ValueConverter<DateTimeOffset, long>(
        time => time.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
}
