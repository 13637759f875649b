namespace Aegis.Sdk.Studies;

/// <summary>Received studies: open, download, acknowledge, dispute and destroy them.</summary>
public sealed class TransfersApi
{
    private readonly Caller caller;

    internal TransfersApi(Caller caller) => this.caller = caller;

    /// <summary>Studies that can be opened now, newest first.</summary>
    public IAsyncEnumerable<InboxItem> InboxAsync(CancellationToken cancellationToken = default) =>
        Page<InboxItem>.WalkAsync((cursor, ct) => InboxPageAsync(cursor, cancellationToken: ct), cancellationToken);

    /// <summary>One page of the inbox.</summary>
    public Task<Page<InboxItem>> InboxPageAsync(string? cursor = null, int? limit = null, CancellationToken cancellationToken = default) =>
        caller.GetAsync(new Query("v1/inbox").With("cursor", cursor).With("limit", limit).ToString(), CamelCaseJson.Default.PageInboxItem,
            cancellationToken);

    /// <summary>One transfer.</summary>
    public Task<Transfer> GetAsync(string id, CancellationToken cancellationToken = default) =>
        caller.GetAsync(Path(id), CamelCaseJson.Default.Transfer, cancellationToken);

    /// <summary>Returns an address of the content, valid for five minutes. <see cref="DownloadAsync"/> calls this automatically.</summary>
    public Task<OpenedTransfer> OpenAsync(string id, CancellationToken cancellationToken = default) =>
        caller.ReadAsync(new Call(HttpMethod.Post, $"{Path(id)}/open") { IsRepeatable = true }, CamelCaseJson.Default.OpenedTransfer,
            cancellationToken);

    /// <summary>
    /// Opens a study and saves its archive. A broken download resumes where it stopped, even in a later call with the same file. The
    /// partial download is stored next to the file as <c>.part</c>. The file gets its name only when length and digest match the
    /// announcement. Only its owner can read it.
    /// </summary>
    /// <param name="id">trf_….</param>
    /// <param name="file">The file to write. An existing ordinary file is replaced, anything else is not.</param>
    /// <param name="progress">Receives the number of bytes downloaded.</param>
    /// <param name="cancellationToken">Cancels; the partial download is kept.</param>
    /// <exception cref="Failures.AegisDigestException">The content differs from the announcement. Nothing is kept.</exception>
    /// <exception cref="Failures.AegisTargetException">The target is not an ordinary file. Nothing is fetched.</exception>
    public Task<DownloadedStudy> DownloadAsync(
        string id, string file, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new StudyDownload(caller, this, id, file, progress).RunAsync(cancellationToken);

    /// <summary>
    /// Returns the archive as a stream from <paramref name="from"/> on. It does not resume after a break, and the caller has to check
    /// the digest.
    /// </summary>
    /// <param name="opened">The answer of <see cref="OpenAsync"/>.</param>
    /// <param name="from">Offset of the first byte.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Stream> ReadAsync(OpenedTransfer opened, long from = 0, CancellationToken cancellationToken = default)
    {
        var response = await ContentAnswer.GetAsync(caller, opened, from, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Acknowledges what was received. A receipt is final: pass <see cref="DownloadedStudy.Receipt"/>, which is computed from the file.
    /// </summary>
    public Task<Transfer> AcknowledgeAsync(string id, Receipt receipt, CancellationToken cancellationToken = default) => caller.PostAsync(
        $"{Path(id)}/acknowledge", JsonBody.Of(receipt, CamelCaseJson.Default.Receipt), CamelCaseJson.Default.Transfer, cancellationToken);

    /// <summary>The receipt as a signed statement, for both parties.</summary>
    public Task<SignedReceipt> GetReceiptAsync(string id, CancellationToken cancellationToken = default) =>
        caller.GetAsync($"{Path(id)}/receipt", CamelCaseJson.Default.SignedReceipt, cancellationToken);

    /// <summary>Records a dispute. The reason is communicated outside Aegis.</summary>
    public Task<Transfer> DisputeAsync(string id, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"{Path(id)}/dispute", null, CamelCaseJson.Default.Transfer, cancellationToken);

    /// <summary>Agrees that a dispute is settled.</summary>
    public Task<Transfer> ResolveAsync(string id, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"{Path(id)}/resolve", null, CamelCaseJson.Default.Transfer, cancellationToken);

    /// <summary>
    /// Destroys the study for both parties. After this call it can no longer be opened. <see cref="Transfer.Status"/> is
    /// <c>destroying</c> until the destruction is verified.
    /// </summary>
    public Task<Transfer> DestroyAsync(string id, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"{Path(id)}/destroy", null, CamelCaseJson.Default.Transfer, cancellationToken);

    /// <summary>The certificate of the destruction.</summary>
    public Task<DestructionCertificate> GetCertificateAsync(string id, CancellationToken cancellationToken = default) =>
        caller.GetAsync($"{Path(id)}/certificate", CamelCaseJson.Default.DestructionCertificate, cancellationToken);

    private static string Path(string id) => $"v1/transfers/{Query.Segment(id)}";
}

/// <summary>A downloaded study.</summary>
/// <param name="File">Path of the archive.</param>
/// <param name="Receipt">The receipt to acknowledge, computed from the file.</param>
/// <param name="ResumedAt">Bytes that were already there.</param>
/// <param name="Opened">The answer of the host when the study was opened.</param>
public sealed record DownloadedStudy(string File, Receipt Receipt, long ResumedAt, OpenedTransfer Opened);
