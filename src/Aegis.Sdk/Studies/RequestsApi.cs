using System.Net.Http.Headers;

namespace Aegis.Sdk.Studies;

/// <summary>Requests for studies: made and cancelled by consumers, accepted, fulfilled and declined by providers.</summary>
public sealed class RequestsApi
{
    private readonly Caller caller;

    internal RequestsApi(Caller caller) => this.caller = caller;

    /// <summary>Asks for a study.</summary>
    /// <param name="request">Whose study is asked for, and of whom.</param>
    /// <param name="idempotencyKey">Makes repeats of your own have one effect; made by the client unless given.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<StudyRequest> CreateAsync(
        AskForStudy request, string? idempotencyKey = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        "v1/requests", JsonBody.Of(request, CamelCaseJson.Default.AskForStudy), CamelCaseJson.Default.StudyRequest, cancellationToken,
        idempotencyKey);

    /// <summary>Requests of the own organization on either side, newest first. A provider's worklist is <c>pending</c>.</summary>
    /// <param name="status">One of the words of <see cref="StudyRequest.Status"/>; all unless told.</param>
    /// <param name="cancellationToken">Stops.</param>
    public IAsyncEnumerable<StudyRequest> ListAsync(string? status = null, CancellationToken cancellationToken = default) =>
        Page<StudyRequest>.WalkAsync((cursor, ct) => ListPageAsync(status, cursor, cancellationToken: ct), cancellationToken);

    /// <summary>One part of the list.</summary>
    public Task<Page<StudyRequest>> ListPageAsync(
        string? status = null, string? cursor = null, int? limit = null, CancellationToken cancellationToken = default) => caller.GetAsync(
        new Query("v1/requests").With("status", status).With("cursor", cursor).With("limit", limit).ToString(),
        CamelCaseJson.Default.PageStudyRequest, cancellationToken);

    /// <summary>One request.</summary>
    public Task<StudyRequest> GetAsync(string id, CancellationToken cancellationToken = default) =>
        caller.GetAsync($"v1/requests/{Query.Segment(id)}", CamelCaseJson.Default.StudyRequest, cancellationToken);

    /// <summary>Says that an answer will come.</summary>
    public Task<StudyRequest> AcceptAsync(string id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"v1/requests/{Query.Segment(id)}/accept", null, CamelCaseJson.Default.StudyRequest, cancellationToken,
            ifMatch: ifMatch);

    /// <summary>Says that there will be no study.</summary>
    /// <param name="id">req_….</param>
    /// <param name="reason"><c>no_match</c>, <c>ambiguous_match</c>, <c>no_consent</c>, <c>not_partner</c> or <c>other</c>.</param>
    /// <param name="note">For people.</param>
    /// <param name="ifMatch">The ETag of what was read; another state is refused.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<StudyRequest> DeclineAsync(
        string id, string reason, string? note = null, string? ifMatch = null, CancellationToken cancellationToken = default) =>
            caller.PostAsync(
        $"v1/requests/{Query.Segment(id)}/decline", JsonBody.Of(new DeclineStudy(reason, note), CamelCaseJson.Default.DeclineStudy),
        CamelCaseJson.Default.StudyRequest, cancellationToken, ifMatch: ifMatch);

    /// <summary>Takes the request back.</summary>
    public Task<StudyRequest> CancelAsync(string id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"v1/requests/{Query.Segment(id)}/cancel", null, CamelCaseJson.Default.StudyRequest, cancellationToken,
            ifMatch: ifMatch);

    /// <summary>
    /// Answers a request with the instances of a study (Part 10 files), streamed. What was sent is declared with a digest, so that damage
    /// on the way is refused (<c>manifest_mismatch</c>). Sending the same study again gives the same answer, so a broken upload is simply
    /// repeated. Files that are not DICOM are passed over and counted (<c>files_ignored</c>). A refusal with
    /// <see cref="AegisException.Findings"/> asks you to look at the study.
    /// </summary>
    /// <param name="id">req_….</param>
    /// <param name="files">The instances.</param>
    /// <param name="options">What is taken responsibility for, and who hears of progress.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<Fulfilment> FulfillAsync(
        string id, IReadOnlyList<StudyFile> files, FulfillOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (files.Count == 0) throw new ArgumentException("A study has at least one instance.", nameof(files));
        var (manifest, isDicom) = await StudyManifest.ReadAsync(files, cancellationToken).ConfigureAwait(false);
        return await SendAsync(id, () => new StudyUpload(files, isDicom, manifest, options?.Progress), options, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Answers a request with all files of a folder and those below it.</summary>
    /// <param name="id">req_….</param>
    /// <param name="folder">Holds the instances of one study; what is not DICOM is passed over.</param>
    /// <param name="options">What is taken responsibility for, and who hears of progress.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<Fulfilment> FulfillFromFolderAsync(
        string id, string folder, FulfillOptions? options = null, CancellationToken cancellationToken = default) =>
        FulfillAsync(id, StudyFile.InFolder(folder), options, cancellationToken);

    /// <summary>Answers a request with one file: a ZIP of instances, or one instance.</summary>
    /// <param name="id">req_….</param>
    /// <param name="file">The file.</param>
    /// <param name="contentType"><c>application/zip</c> or <c>application/dicom</c>.</param>
    /// <param name="options">What is taken responsibility for, and who hears of progress.</param>
    /// <param name="cancellationToken">Stops.</param>
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

/// <summary>How a study is sent.</summary>
public sealed record FulfillOptions
{
    /// <summary>
    /// Findings that you take responsibility for: <see cref="StudyFinding.Confirmation"/> of the refusal's
    /// <see cref="AegisException.Findings"/>.
    /// <c>pixel_phi_risk</c> and <c>patient_unverifiable</c> may also be given as codes alone.
    /// </summary>
    public IReadOnlyList<string> Confirm { get; init; } = [];

    /// <summary>Refuses a study with anything in it that is not DICOM.</summary>
    public bool Strict { get; init; }

    /// <summary>Hears how much was sent.</summary>
    public IProgress<TransferProgress>? Progress { get; init; }
}

/// <summary>How far an upload or download is.</summary>
/// <param name="Bytes">So many are done.</param>
/// <param name="OfBytes">Of so many.</param>
public readonly record struct TransferProgress(long Bytes, long OfBytes);

/// <summary>A request that was answered.</summary>
/// <param name="TransferId">trf_….</param>
/// <param name="Instances">Instances of the study.</param>
/// <param name="SizeBytes">Size of the archive as it is served.</param>
/// <param name="Sha256">Its digest.</param>
/// <param name="Warnings">What was found and did not stop it.</param>
public sealed record Fulfilment(string TransferId, int Instances, long SizeBytes, string Sha256, IReadOnlyList<StudyWarning> Warnings)
{
    /// <summary>Bytes of the instances together, as they will be served; null when release 0.1.0 took them in.</summary>
    public long? InstancesBytes { get; init; }

    /// <summary>SHA-256 over the sorted SHA-256 of these instances, lower-case hex; null as the bytes.</summary>
    public string? InstancesSha256 { get; init; }
}

/// <summary>Something that was found in instances.</summary>
public sealed record StudyWarning(string Code, int Instances)
{
    /// <summary>The attributes it is about (gggg,eeee), at most forty; null for warnings that are about none.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Of <c>files_ignored</c>: names of files that are not DICOM, at most 20. They come in the first answer only.</summary>
    public IReadOnlyList<string>? Names { get; init; }
}

/// <summary>Something to look at before a study is sent.</summary>
/// <param name="Id">Names what was found: the same study gets the same id again, another one does not.</param>
/// <param name="Code"><c>patient_mismatch</c>, <c>patient_unverifiable</c>, <c>study_mismatch</c> or <c>pixel_phi_risk</c>.</param>
/// <param name="Reason">Why, as a word.</param>
/// <param name="Differs">What differs from the request, as words such as <c>given_name</c>.</param>
/// <param name="Instances">In how many instances it was found.</param>
public sealed record StudyFinding(string Id, string Code, string Reason, IReadOnlyList<string> Differs, int Instances)
{
    /// <summary>For <see cref="FulfillOptions.Confirm"/>.</summary>
    public string Confirmation => $"{Code}:{Id}";
}
