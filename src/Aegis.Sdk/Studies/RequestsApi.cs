using System.Net.Http.Headers;

namespace Aegis.Sdk.Studies;

/// <summary>Requests for studies. Consumers create and cancel them; providers accept, fulfil and decline them.</summary>
public sealed class RequestsApi
{
    private readonly Caller caller;

    internal RequestsApi(Caller caller) => this.caller = caller;

    /// <summary>Requests a study.</summary>
    /// <param name="request">The patient, the provider and the reason.</param>
    /// <param name="idempotencyKey">Repeats with the same key have one effect. The client creates a key by default.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<StudyRequest> CreateAsync(
        AskForStudy request, string? idempotencyKey = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        "v1/requests", JsonBody.Of(request, CamelCaseJson.Default.AskForStudy), CamelCaseJson.Default.StudyRequest, cancellationToken,
        idempotencyKey);

    /// <summary>Requests that your organization sent or received, newest first. A provider's worklist is <c>pending</c>.</summary>
    /// <param name="status">A value of <see cref="StudyRequest.Status"/>; default all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public IAsyncEnumerable<StudyRequest> ListAsync(string? status = null, CancellationToken cancellationToken = default) =>
        Page<StudyRequest>.WalkAsync((cursor, ct) => ListPageAsync(status, cursor, cancellationToken: ct), cancellationToken);

    /// <summary>One page of the list.</summary>
    public Task<Page<StudyRequest>> ListPageAsync(
        string? status = null, string? cursor = null, int? limit = null, CancellationToken cancellationToken = default) => caller.GetAsync(
        new Query("v1/requests").With("status", status).With("cursor", cursor).With("limit", limit).ToString(),
        CamelCaseJson.Default.PageStudyRequest, cancellationToken);

    /// <summary>One request.</summary>
    public Task<StudyRequest> GetAsync(string id, CancellationToken cancellationToken = default) =>
        caller.GetAsync($"v1/requests/{Query.Segment(id)}", CamelCaseJson.Default.StudyRequest, cancellationToken);

    /// <summary>Accepts a request. The study follows later.</summary>
    public Task<StudyRequest> AcceptAsync(string id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"v1/requests/{Query.Segment(id)}/accept", null, CamelCaseJson.Default.StudyRequest, cancellationToken,
            ifMatch: ifMatch);

    /// <summary>Declines a request.</summary>
    /// <param name="id">req_….</param>
    /// <param name="reason"><c>no_match</c>, <c>ambiguous_match</c>, <c>no_consent</c>, <c>not_partner</c> or <c>other</c>.</param>
    /// <param name="note">An explanation for people.</param>
    /// <param name="ifMatch">The ETag of what you read; another state is refused.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<StudyRequest> DeclineAsync(
        string id, string reason, string? note = null, string? ifMatch = null, CancellationToken cancellationToken = default) =>
            caller.PostAsync(
        $"v1/requests/{Query.Segment(id)}/decline", JsonBody.Of(new DeclineStudy(reason, note), CamelCaseJson.Default.DeclineStudy),
        CamelCaseJson.Default.StudyRequest, cancellationToken, ifMatch: ifMatch);

    /// <summary>Cancels your request.</summary>
    public Task<StudyRequest> CancelAsync(string id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"v1/requests/{Query.Segment(id)}/cancel", null, CamelCaseJson.Default.StudyRequest, cancellationToken,
            ifMatch: ifMatch);

    /// <summary>
    /// Answers a request with the instances of a study (Part 10 files), as a stream. A digest declares what is sent, so transmission
    /// damage is refused (<c>manifest_mismatch</c>). Sending the same study again gives the same answer, so a broken upload can be
    /// repeated. Files that are not DICOM are skipped and counted (<c>files_ignored</c>). A refusal with
    /// <see cref="AegisException.Findings"/> asks you to check the study.
    /// </summary>
    /// <param name="id">req_….</param>
    /// <param name="files">The instances.</param>
    /// <param name="options">Confirmed findings and progress.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Fulfilment> FulfillAsync(
        string id, IReadOnlyList<StudyFile> files, FulfillOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (files.Count == 0) throw new ArgumentException("Give at least one instance.", nameof(files));
        var (manifest, isDicom) = await StudyManifest.ReadAsync(files, cancellationToken).ConfigureAwait(false);
        return await SendAsync(id, () => new StudyUpload(files, isDicom, manifest, options?.Progress), options, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Answers a request with all files of a folder and its subfolders.</summary>
    /// <param name="id">req_….</param>
    /// <param name="folder">Contains the instances of one study; files that are not DICOM are skipped.</param>
    /// <param name="options">Confirmed findings and progress.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<Fulfilment> FulfillFromFolderAsync(
        string id, string folder, FulfillOptions? options = null, CancellationToken cancellationToken = default) =>
        FulfillAsync(id, StudyFile.InFolder(folder), options, cancellationToken);

    /// <summary>Answers a request with one file: a ZIP of instances, or one instance.</summary>
    /// <param name="id">req_….</param>
    /// <param name="file">The file.</param>
    /// <param name="contentType"><c>application/zip</c> or <c>application/dicom</c>.</param>
    /// <param name="options">Confirmed findings and progress.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<Fulfilment> FulfillFromFileAsync(
        string id, StudyFile file, string contentType = "application/zip", FulfillOptions? options = null,
        CancellationToken cancellationToken = default) =>
        SendAsync(id, () => new FileUpload(file, options?.Progress) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } },
            options, cancellationToken);

    private Task<Fulfilment> SendAsync(string id, Func<HttpContent> content, FulfillOptions? options, CancellationToken ct)
    {
        var path = new Query($"v1/requests/{Query.Segment(id)}/fulfill");
        foreach (var finding in options?.Confirm ?? []) path.With("confirm", finding);
        if (options?.Strict is true) path.With("strict", "true");
        return caller.ReadAsync(
            new Call(HttpMethod.Post, path.ToString()) { Content = content, HasNoLimit = true, IsRepeatable = true },
            CamelCaseJson.Default.Fulfilment, ct);
    }
}

/// <summary>Options for sending a study.</summary>
public sealed record FulfillOptions
{
    /// <summary>
    /// Findings that you take responsibility for: <see cref="StudyFinding.Confirmation"/> of the refusal's
    /// <see cref="AegisException.Findings"/>. For <c>pixel_phi_risk</c> and <c>patient_unverifiable</c> the code alone is enough.
    /// </summary>
    public IReadOnlyList<string> Confirm { get; init; } = [];

    /// <summary>Refuses a study that contains files that are not DICOM.</summary>
    public bool Strict { get; init; }

    /// <summary>Receives the number of bytes sent.</summary>
    public IProgress<TransferProgress>? Progress { get; init; }
}

/// <summary>Progress of an upload or download.</summary>
/// <param name="Bytes">Bytes done.</param>
/// <param name="OfBytes">Bytes in total.</param>
public readonly record struct TransferProgress(long Bytes, long OfBytes);

/// <summary>The answer to a fulfilled request.</summary>
/// <param name="TransferId">trf_….</param>
/// <param name="Instances">Instances of the study.</param>
/// <param name="SizeBytes">Size of the archive as served.</param>
/// <param name="Sha256">Digest of the archive.</param>
/// <param name="Warnings">What was found and did not prevent it.</param>
public sealed record Fulfilment(string TransferId, int Instances, long SizeBytes, string Sha256, IReadOnlyList<StudyWarning> Warnings)
{
    /// <summary>Total bytes of the instances as served; null for studies received by release 0.1.0.</summary>
    public long? InstancesBytes { get; init; }

    /// <summary>SHA-256 over the sorted SHA-256 of these instances, lower-case hex; null as <see cref="InstancesBytes"/>.</summary>
    public string? InstancesSha256 { get; init; }
}

/// <summary>A warning about instances.</summary>
public sealed record StudyWarning(string Code, int Instances)
{
    /// <summary>The attributes concerned (gggg,eeee), at most forty; null when the warning concerns none.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>For <c>files_ignored</c>: names of files that are not DICOM, at most 20. Only the first answer has them.</summary>
    public IReadOnlyList<string>? Names { get; init; }
}

/// <summary>Something to check before a study is sent.</summary>
/// <param name="Id">Identifies the finding: the same study gets the same id again, another study does not.</param>
/// <param name="Code"><c>patient_mismatch</c>, <c>patient_unverifiable</c>, <c>study_mismatch</c> or <c>pixel_phi_risk</c>.</param>
/// <param name="Reason">The reason, as a code.</param>
/// <param name="Differs">What differs from the request, as codes such as <c>given_name</c>.</param>
/// <param name="Instances">Number of instances with the finding.</param>
public sealed record StudyFinding(string Id, string Code, string Reason, IReadOnlyList<string> Differs, int Instances)
{
    /// <summary>The value for <see cref="FulfillOptions.Confirm"/>.</summary>
    public string Confirmation => $"{Code}:{Id}";
}
