using Hangfire.Common;
using Hangfire.States;

namespace Aegis.Kernel.Jobs;

/// <summary>
/// Makes failed runs expire. Hangfire keeps them until someone deletes them, so a job that fails every minute would fill its tables.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ForgetFailuresAttribute : JobFilterAttribute, IElectStateFilter
{
    public ForgetFailuresAttribute() => Order = 100; // after Hangfire's retry filter

    public void OnStateElection(ElectStateContext context)
    {
        if (context.CandidateState is FailedState failed) context.CandidateState = new FinalFailure(failed);
    }

    /// <summary>A failed state that Hangfire deletes after a while, as it does with succeeded runs.</summary>
    private sealed class FinalFailure(FailedState failed) : IState
    {
        public string Name => failed.Name;

        public string Reason => failed.Reason;

        public bool IsFinal => true;

        public bool IgnoreJobLoadException => failed.IgnoreJobLoadException;

        public Dictionary<string, string> SerializeData() => failed.SerializeData();
    }
}
