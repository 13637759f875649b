namespace Aegis.Vault.Providers.Generated;

/// <summary>Random values that are stored only in the vault.</summary>
internal sealed class GeneratedProvider : Provider
{
    public override string Name => "generated";

    public override ConfigShape Config { get; } = new(RandomValue.Fields);

    public override Task<HeldValue> Create(Target target, Order order, CancellationToken ct) =>
        Task.FromResult(new HeldValue(RandomValue.Make(target.Config)));

    public override Task<Tested> Test(Target target, HeldValue value, CancellationToken ct) => Task.FromResult(Tested.InPlace);

    protected override bool MakesValues(JsonObject config) => true;

    protected override bool TriesValues(JsonObject config) => false;

    protected override bool LeavesOldValue(JsonObject config) => false;
}
