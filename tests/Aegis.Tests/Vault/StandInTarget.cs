using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Aegis.Vault.Providers;
using Aegis.Vault.Providers.Configuration;

namespace Aegis.Tests.Vault;

/// <summary>How a call to the target fails.</summary>
public enum Failure
{
    /// <summary>It says no and changes nothing.</summary>
    Rejects,

    /// <summary>It is not there, and nothing happens.</summary>
    Away,

    /// <summary>It does what it was asked, and the answer is lost.</summary>
    LosesTheAnswer,

    /// <summary>It takes the call and never answers.</summary>
    Hangs,

    /// <summary>It can never do it as things are.</summary>
    Forbids,

    /// <summary>The provider's own code fails.</summary>
    Breaks,

    /// <summary>It has no room to try a value.</summary>
    IsFull,

    /// <summary>It lets this login in from nowhere.</summary>
    NotPermitted,

    /// <summary>It says that the value is wrong.</summary>
    Refuses,
}

/// <summary>A system outside of Aegis that lets in the values it was told, one account for each credential.</summary>
internal sealed class StandInTarget
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Failure>> failures = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, HashSet<string>> Accepted { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>Values of the account, each with its mark, that were minted and not yet ended.</summary>
    public ConcurrentDictionary<string, ConcurrentDictionary<string, string>> Minted { get; } = new(StringComparer.Ordinal);

    /// <summary>The next calls of this step for this credential fail so.</summary>
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

    /// <summary>Does one step, or fails as it was told.</summary>
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

/// <summary>Tells the provider not to return.</summary>
internal sealed class HangsException : Exception;

/// <summary>
/// The way to the target: <c>{"keeps": true}</c> lets the old value work on, <c>{"mints": true}</c> lets the target make the values.
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
        await target.Wait(to.Name, "test", ct); // the answer is on its way
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
