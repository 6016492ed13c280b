using System.Net;
using System.Net.Http.Headers;
using FeedbackAlignment.Data;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>How far a download is.</summary>
/// <param name="File">Name of the file.</param>
/// <param name="Bytes">Bytes that are there.</param>
/// <param name="Total">Bytes there will be; null where the server does not say.</param>
public readonly record struct DownloadProgress(string File, long Bytes, long? Total);

/// <summary>What became of a file.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Downloaded">False: it was there already, and right.</param>
public sealed record DownloadedFile(string Path, bool Downloaded);

/// <summary>
/// Fetches a public data set: from its first home that answers, into <c>.part</c> files that a later try goes on with, and under
/// the final name only what has the published fingerprint.
/// </summary>
/// <param name="client">Makes the requests.</param>
/// <param name="patience">How long to wait for the next bytes before a connection counts as broken; null: 30 seconds.</param>
public sealed class DataDownload(HttpClient client, TimeSpan? patience = null)
{
    private const int TriesPerHome = 3;
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(30);

    /// <summary>Fetches what is not there yet.</summary>
    /// <param name="data">What to fetch.</param>
    /// <param name="directory">The data folder; files go to its subfolder of the data set's name.</param>
    /// <param name="progress">Told about every portion.</param>
    /// <param name="cancellation">Stops; what has come so far is kept for the next time.</param>
    /// <exception cref="DataSourceException">
    /// No home has given a file with the right fingerprint, or the folder cannot be written.
    /// </exception>
    public async Task<IReadOnlyList<DownloadedFile>> GetAsync(
        PublicDataSet data, string directory, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var folder = Path.GetFullPath(Path.Combine(directory, data.Id));
        var files = new List<DownloadedFile>();
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var file in data.Files)
            {
                files.Add(await GetFileAsync(data, file, folder, progress, cancellation).ConfigureAwait(false));
            }
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new DataSourceException($"{folder}: cannot be written ({trouble.Message})", trouble);
        }

        return files;
    }

    private async Task<DownloadedFile> GetFileAsync(
        PublicDataSet data, PublicFile file, string folder, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, file.PackedName);
        if (File.Exists(path) && Mismatch(data, file, path) is null)
        {
            return new DownloadedFile(path, Downloaded: false);
        }

        var part = path + ".part";
        var troubles = new List<string>();
        foreach (var home in data.Homes)
        {
            for (var attempt = 0; attempt < TriesPerHome; attempt++)
            {
                var before = Length(part);
                var trouble = await FetchAsync(new Uri(home, file.PackedName), part, file.PackedName, progress, cancellation).ConfigureAwait(false)
                    ?? Accept(data, file, part, path);
                if (trouble is null)
                {
                    return new DownloadedFile(path, Downloaded: true);
                }

                troubles.Add($"{home.Host}: {trouble}");
                if (Length(part) == before)
                {
                    // Neither came anything, nor was a wrong beginning thrown away: asking the same home again would change nothing.
                    break;
                }
            }
        }

        throw new DataSourceException(
            $"{data.Title}: could not fetch {file.PackedName} ({string.Join("; ", troubles.Distinct())}); without network, copy " +
            $"{string.Join(", ", data.Files.Select(each => each.PackedName))} from {string.Join(" or ", data.Homes)} to {folder}");
    }

    /// <summary>One request for what is still missing.</summary>
    /// <returns>What went wrong, or null: the file has come to its end.</returns>
    private async Task<string?> FetchAsync(Uri address, string part, string name, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        var have = Length(part);
        if (have > 0)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_patience);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                // Nothing follows what we have: it is the whole file, or none that goes on; its fingerprint decides.
                return null;
            }

            if (!response.IsSuccessStatusCode)
            {
                return $"HTTP {(int)response.StatusCode}";
            }

            var goesOn = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
            var target = new FileStream(part, goesOn ? FileMode.Append : FileMode.Create, FileAccess.Write);
            await using (target.ConfigureAwait(false))
            {
                return await CopyAsync(response.Content, target, name, goesOn ? have : 0, progress, patience).ConfigureAwait(false);
            }
        }
        catch (HttpRequestException trouble)
        {
            return trouble.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return "no answer";
        }
    }

    private async Task<string?> CopyAsync(
        HttpContent content, FileStream target, string name, long have, IProgress<DownloadProgress>? progress, CancellationTokenSource patience)
    {
        var total = have + content.Headers.ContentLength;
        var source = await content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
        await using var closing = source.ConfigureAwait(false);
        var portion = new byte[1 << 16];
        while (true)
        {
            patience.CancelAfter(_patience);
            int count;
            try
            {
                count = await source.ReadAsync(portion, patience.Token).ConfigureAwait(false);
            }
            catch (IOException trouble)
            {
                return $"interrupted after {have} bytes ({trouble.Message})";
            }

            if (count == 0)
            {
                return have < total ? $"interrupted after {have} of {total} bytes" : null;
            }

            // A full disk is no trouble of the home: it ends the download, in GetAsync.
            await target.WriteAsync(portion.AsMemory(0, count), CancellationToken.None).ConfigureAwait(false);
            have += count;
            progress?.Report(new DownloadProgress(name, have, total));
        }
    }

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>Gives a right file its name, and throws a wrong one away.</summary>
    private static string? Accept(PublicDataSet data, PublicFile file, string part, string path)
    {
        var mismatch = Mismatch(data, file, part);
        if (mismatch is null)
        {
            File.Move(part, path, overwrite: true);
        }
        else
        {
            File.Delete(part);
        }

        return mismatch;
    }

    private static string? Mismatch(PublicDataSet data, PublicFile file, string path)
    {
        using var stream = File.OpenRead(path);
        try
        {
            var fingerprint = data.FingerprintOf(stream, path);
            return fingerprint == file.Fingerprint ? null : $"wrong content (fingerprint {fingerprint}, must be {file.Fingerprint})";
        }
        catch (DataFormatException damaged)
        {
            return $"wrong content ({damaged.Message})";
        }
    }
}
