namespace Aegis.Sdk.Studies;

/// <summary>Studies that arrived: opened, downloaded, acknowledged, disputed and destroyed.</summary>
public sealed class TransfersApi
{
    private readonly Caller caller;

    internal TransfersApi(Caller caller) => this.caller = caller;

    /// <summary>What can be opened now, newest first.</summary>
    public IAsyncEnumerable<InboxItem> InboxAsync(CancellationToken cancellationToken = default) =>
        Page<InboxItem>.WalkAsync((cursor, ct) => InboxPageAsync(cursor, cancellationToken: ct), cancellationToken);

    /// <summary>One part of the inbox.</summary>
    public Task<Page<InboxItem>> InboxPageAsync(string? cursor = null, int? limit = null, CancellationToken cancellationToken = default) =>
        caller.GetAsync(new Query("v1/inbox").With("cursor", cursor).With("limit", limit).ToString(), CamelCaseJson.Default.PageInboxItem,
            cancellationToken);

    /// <summary>One transfer.</summary>
    public Task<Transfer> GetAsync(string id, CancellationToken cancellationToken = default) =>
        caller.GetAsync(Path(id), CamelCaseJson.Default.Transfer, cancellationToken);

    /// <summary>Gives an address of the content for five minutes. <see cref="DownloadAsync"/> does this by itself.</summary>
    public Task<OpenedTransfer> OpenAsync(string id, CancellationToken cancellationToken = default) =>
        caller.ReadAsync(new Call(HttpMethod.Post, $"{Path(id)}/open") { IsRepeatable = true }, CamelCaseJson.Default.OpenedTransfer,
            cancellationToken);

    /// <summary>
    /// Opens a study and saves its archive. A download that breaks goes on where it stopped, also in a later call with the same file: what
    /// is there so far lies beside it as <c>.part</c>. The file appears under its name only when length and digest are those that were
    /// announced, readable for its owner alone.
    /// </summary>
    /// <param name="id">trf_….</param>
    /// <param name="file">Where the archive goes. An ordinary file that is there is replaced, anything else is not.</param>
    /// <param name="progress">Hears how much is there.</param>
    /// <param name="cancellationToken">Stops; what is there so far stays.</param>
    /// <exception cref="Failures.AegisDigestException">What arrived is not what was announced. Nothing of it is kept.</exception>
    /// <exception cref="Failures.AegisTargetException">What is there is no ordinary file. Nothing is fetched.</exception>
    public Task<DownloadedStudy> DownloadAsync(
        string id, string file, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new StudyDownload(caller, this, id, file, progress).RunAsync(cancellationToken);

    /// <summary>
    /// Gives the archive as a stream from <paramref name="from"/> on, without going on by itself where it breaks and without a check of its
    /// digest, which is the reader's.
    /// </summary>
    /// <param name="opened">What <see cref="OpenAsync"/> answered.</param>
    /// <param name="from">The first byte wanted.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<Stream> ReadAsync(OpenedTransfer opened, long from = 0, CancellationToken cancellationToken = default)
    {
        var response = await ContentAnswer.GetAsync(caller, opened, from, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Says what was received. A receipt is final: pass <see cref="DownloadedStudy.Receipt"/>, which is computed from the file.
    /// </summary>
    public Task<Transfer> AcknowledgeAsync(string id, Receipt receipt, CancellationToken cancellationToken = default) => caller.PostAsync(
        $"{Path(id)}/acknowledge", JsonBody.Of(receipt, CamelCaseJson.Default.Receipt), CamelCaseJson.Default.Transfer, cancellationToken);

    /// <summary>The receipt as a signed statement, for either party.</summary>
    public Task<SignedReceipt> GetReceiptAsync(string id, CancellationToken cancellationToken = default) =>
        caller.GetAsync($"{Path(id)}/receipt", CamelCaseJson.Default.SignedReceipt, cancellationToken);

    /// <summary>Records that something is wrong. The reason is told outside Aegis.</summary>
    public Task<Transfer> DisputeAsync(string id, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"{Path(id)}/dispute", null, CamelCaseJson.Default.Transfer, cancellationToken);

    /// <summary>Agrees that a dispute is settled.</summary>
    public Task<Transfer> ResolveAsync(string id, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"{Path(id)}/resolve", null, CamelCaseJson.Default.Transfer, cancellationToken);

    /// <summary>
    /// Destroys the study for both parties. It cannot be opened any more when this returns; <see cref="Transfer.Status"/> is
    /// <c>destroying</c> until all is verified.
    /// </summary>
    public Task<Transfer> DestroyAsync(string id, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"{Path(id)}/destroy", null, CamelCaseJson.Default.Transfer, cancellationToken);

    /// <summary>The certificate of the destruction.</summary>
    public Task<DestructionCertificate> GetCertificateAsync(string id, CancellationToken cancellationToken = default) =>
        caller.GetAsync($"{Path(id)}/certificate", CamelCaseJson.Default.DestructionCertificate, cancellationToken);

    private static string Path(string id) => $"v1/transfers/{Query.Segment(id)}";
}

/// <summary>A study that was saved.</summary>
/// <param name="File">Where it is.</param>
/// <param name="Receipt">What to acknowledge: computed from the file.</param>
/// <param name="ResumedAt">So many bytes were there already.</param>
/// <param name="Opened">What <c>open</c> said of it.</param>
public sealed record DownloadedStudy(string File, Receipt Receipt, long ResumedAt, OpenedTransfer Opened);
