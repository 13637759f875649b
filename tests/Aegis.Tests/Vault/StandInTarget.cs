using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Aegis.Vault.Providers;
using Aegis.Vault.Providers.Configuration;

namespace Aegis.Tests.Vault;

/// <summary>How a call to the target fails.</summary>
public enum Failure
{
    /// <summary>The target refuses and changes nothing.</summary>
    Rejects,

    /// <summary>The target is unreachable, and nothing happens.</summary>
    Away,

    /// <summary>The target makes the change, and the answer is lost.</summary>
    LosesTheAnswer,

    /// <summary>The target accepts the call and never answers.</summary>
    Hangs,

    /// <summary>The configuration is wrong.</summary>
    Forbids,

    /// <summary>The provider's own code fails.</summary>
    Breaks,

    /// <summary>The target has no free connection to test a value.</summary>
    IsFull,

    /// <summary>The target does not permit this login at all.</summary>
    NotPermitted,

    /// <summary>The target refuses the value.</summary>
    Refuses,
}

/// <summary>A fake target that accepts the values that were set, with one account for each credential.</summary>
internal sealed class StandInTarget
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Failure>> failures = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, HashSet<string>> Accepted { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>Values of the account that the target made and that are not revoked, each with its mark.</summary>
    public ConcurrentDictionary<string, ConcurrentDictionary<string, string>> Minted { get; } = new(StringComparer.Ordinal);

    /// <summary>Makes the next calls of this step for this credential fail in this way.</summary>
    public void Fail(string credential, string step, params Failure[] how)
    {
        var queue = failures.GetOrAdd($"{credential} {step}", _ => new());
        foreach (var one in how) queue.Enqueue(one);
    }

    /// <summary>The next call of this step for this credential hangs until the task ends.</summary>
    public ConcurrentDictionary<string, Task> Hanging { get; } = new(StringComparer.Ordinal);

    public Task Wait(string credential, string step, CancellationToken ct) =>
        Hanging.TryRemove($"{credential} {step}", out var until) ? until.WaitAsync(ct) : Task.CompletedTask;

    public HashSet<string> Of(string credential) => Accepted.GetOrAdd(credential, _ => []);

    public bool LetsIn(string credential, string value)
    {
        lock (Of(credential)) return Of(credential).Contains(value);
    }

    /// <summary>Runs one step, or fails as configured.</summary>
    public void Do(string credential, string step, Action act)
    {
        Calls.Enqueue($"{credential} {step}");
        Failure? failure = failures.TryGetValue($"{credential} {step}", out var queue) && queue.TryDequeue(out var next) ? next : null;
        if (failure is null or Failure.LosesTheAnswer)
        {
            lock (Of(credential)) act();
        }

        if (failure is null) return;
        throw failure switch
        {
            Failure.Rejects => new ProviderException(ProviderFault.Rejected, "standin_rejected", "The stand-in rejected the value."),
            Failure.IsFull => new ProviderException(ProviderFault.Unreachable, ProviderCode.TargetBusy, "The stand-in has no room."),
            Failure.NotPermitted =>
                new ProviderException(ProviderFault.Rejected, ProviderCode.LoginNotPermitted, "The stand-in lets nobody in."),
            Failure.Refuses => new ProviderException(ProviderFault.Rejected, ProviderCode.LoginRefused, "The stand-in refuses the value."),
            Failure.Away => new ProviderException(ProviderFault.Unreachable, "standin_away", "The stand-in is away."),
            Failure.Hangs => new HangsException(),
            Failure.Breaks => new InvalidOperationException("The stand-in is broken."),
            Failure.LosesTheAnswer => new ProviderException(ProviderFault.InDoubt, "standin_lost", "The stand-in's answer was lost."),
            _ => new ProviderException(ProviderFault.Misconfigured, "standin_forbids", "The stand-in does not allow it."),
        };
    }
}

/// <summary>Makes the provider hang.</summary>
internal sealed class HangsException : Exception;

/// <summary>
/// The provider of the fake target. With <c>{"keeps": true}</c> the old value still works; with <c>{"mints": true}</c> the target makes the
/// values.
/// </summary>
internal sealed class StandInProvider(StandInTarget target) : Provider
{
    private int made;

    public override string Name => "standin";

    public override ConfigShape Config { get; } = new([
        new SwitchField("keeps", "Lets the old value work on."),
        new SwitchField("mints", "Makes the values itself."),
        new TextField("password", "A secret of the way to the target.", IsSecret: true),
        new TextField("note", "Any text."),
    ]);

    public override Task<HeldValue> Create(Target to, Order order, CancellationToken ct)
    {
        var value = $"made-{Interlocked.Increment(ref made)}-{Aegis.Kernel.Identifiers.Ids.New("v", TimeProvider.System.GetUtcNow())}";
        Do(to, "create", () =>
        {
            if (!Is(to.Config, "mints")) return;
            target.Of(to.Name).Add(value);
            target.Minted.GetOrAdd(to.Name, _ => new()).TryAdd(order.Mark, value);
        });
        return Task.FromResult(new HeldValue(value, order.Mark));
    }

    public override Task Set(Target to, HeldValue value, HeldValue? current, CancellationToken ct)
    {
        Do(to, "set", () =>
        {
            if (!Is(to.Config, "keeps") && !Is(to.Config, "mints")) target.Of(to.Name).Clear();
            target.Of(to.Name).Add(value.Value);
        });
        return Task.CompletedTask;
    }

    public override async Task<Tested> Test(Target to, HeldValue value, CancellationToken ct)
    {
        try
        {
            Do(to, "test", () => { });
        }
        catch (ProviderException away) when (away.Fault is ProviderFault.Rejected)
        {
            return Tested.Refused(away.Code, away.Message);
        }
        catch (ProviderException away)
        {
            return Tested.Unknown(away.Code, away.Message);
        }
        catch (HangsException)
        {
            await Task.Delay(Timeout.Infinite, ct);
        }

        var tested = target.LetsIn(to.Name, value.Value)
            ? Tested.Works
            : Tested.Refused("standin_refused", "The stand-in does not know this value.");
        await target.Wait(to.Name, "test", ct); // the target has decided; only the answer is delayed
        return tested;
    }

    public override async Task Revoke(Target to, HeldValue old, HeldValue current, CancellationToken ct)
    {
        await target.Wait(to.Name, "revoke", ct);
        Do(to, "revoke", () => target.Of(to.Name).Remove(old.Value));
    }

    public override Task RemoveOrphans(Target to, string rotationId, string? keep, CancellationToken ct)
    {
        foreach (var (mark, value) in target.Minted.GetOrAdd(to.Name, _ => new()))
        {
            if (mark == keep || !mark.Contains(rotationId, StringComparison.Ordinal)) continue;
            lock (target.Of(to.Name)) target.Of(to.Name).Remove(value);
            target.Minted[to.Name].TryRemove(mark, out _);
        }

        return Task.CompletedTask;
    }

    public override bool EndsOldBySetting(JsonObject config) => !Is(config, "keeps");

    protected override bool MakesValues(JsonObject config) => true;

    protected override bool TriesValues(JsonObject config) => true;

    protected override bool LeavesOldValue(JsonObject config) => Is(config, "keeps");

    private void Do(Target to, string step, Action act) => target.Do(to.Name, step, act);

    private static bool Is(JsonObject config, string name) => config[name]?.GetValue<bool>() is true;
}
