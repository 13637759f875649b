using Hangfire.Common;
using Hangfire.States;

namespace Aegis.Kernel.Jobs;

/// <summary>Hangfire keeps failed runs until someone deletes them; a job that fails every minute would fill its tables.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ForgetFailuresAttribute : JobFilterAttribute, IElectStateFilter
{
    public ForgetFailuresAttribute() => Order = 100; // behind the filter that would retry

    public void OnStateElection(ElectStateContext context)
    {
        if (context.CandidateState is FailedState failed) context.CandidateState = new FinalFailure(failed);
    }

    /// <summary>A failure that Hangfire shows as one and deletes after a while, as it does successes.</summary>
    private sealed class FinalFailure(FailedState failed) : IState
    {
        public string Name => failed.Name;

        public string Reason => failed.Reason;

        public bool IsFinal => true;

        public bool IgnoreJobLoadException => failed.IgnoreJobLoadException;

        public Dictionary<string, string> SerializeData() => failed.SerializeData();
    }
}
