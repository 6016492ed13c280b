using System.Net;
using System.Net.Http.Headers;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Files;

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
        var place = Place.Named(Path.GetFullPath(directory)).In(data.Id);
        var files = new List<DownloadedFile>();
        try
        {
            using var folder = place.Make();
            foreach (var file in data.Files)
            {
                files.Add(await GetFileAsync(data, file, folder, progress, cancellation).ConfigureAwait(false));
            }
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new DataSourceException($"{place}: cannot be written ({trouble.Message})", trouble);
        }

        return files;
    }

    private async Task<DownloadedFile> GetFileAsync(
        PublicDataSet data, PublicFile file, OpenFolder folder, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var path = Path.Combine(folder.FullPath, file.PackedName);
        if (folder.KindOf(file.PackedName) != EntryKind.None && Mismatch(data, file, folder, file.PackedName) is null)
        {
            return new DownloadedFile(path, Downloaded: false);
        }

        var part = file.PackedName + ".part";
        var troubles = new List<string>();
        foreach (var home in data.Homes)
        {
            for (var attempt = 0; attempt < TriesPerHome; attempt++)
            {
                var before = Length(folder, part);
                var trouble = await FetchAsync(new Uri(home, file.PackedName), folder, file, part, progress, cancellation)
                    .ConfigureAwait(false)
                    ?? Accept(data, file, folder, part);
                if (trouble is null)
                {
                    return new DownloadedFile(path, Downloaded: true);
                }

                troubles.Add($"{home.Host}: {trouble}");
                if (Length(folder, part) == before)
                {
                    // Neither came anything, nor was a wrong beginning thrown away: asking the same home again would change nothing.
                    break;
                }
            }
        }

        throw new DataSourceException(
            $"{data.Title}: could not fetch {file.PackedName} ({string.Join("; ", troubles.Distinct())}); without network, copy " +
            $"{string.Join(", ", data.Files.Select(each => each.PackedName))} from {string.Join(" or ", data.Homes)} to {folder.FullPath}");
    }

    /// <summary>One request for what is still missing.</summary>
    /// <returns>What went wrong, or null: the file has come to its end.</returns>
    private async Task<string?> FetchAsync(
        Uri address, OpenFolder folder, PublicFile file, string part, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        var have = Length(folder, part);
        if (have > 0)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_patience);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && have > 0)
            {
                // Nothing follows what we have: it is the whole file, or none that goes on; its fingerprint decides.
                return null;
            }

            if (!response.IsSuccessStatusCode)
            {
                return $"HTTP {(int)response.StatusCode}";
            }

            var goesOn = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
            have = goesOn ? have : 0;
            if (have + response.Content.Headers.ContentLength > file.MostBytes)
            {
                return $"wrong content ({have + response.Content.Headers.ContentLength} bytes, must be at most {file.MostBytes})";
            }

            var target = Part(folder, part, have);
            await using (target.ConfigureAwait(false))
            {
                return await CopyAsync(response.Content, target, file, have, progress, patience).ConfigureAwait(false);
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
        HttpContent content, FileStream target, PublicFile file, long have, IProgress<DownloadProgress>? progress,
            CancellationTokenSource patience)
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

            if (have + count > file.MostBytes)
            {
                // What has come is no beginning of the file.
                target.SetLength(0);
                return $"wrong content (more than {file.MostBytes} bytes)";
            }

            if (count == 0)
            {
                target.Flush(flushToDisk: true);
                return have < total ? $"interrupted after {have} of {total} bytes" : null;
            }

            // A full disk is no trouble of the home: it ends the download, in GetAsync.
            await target.WriteAsync(portion.AsMemory(0, count), CancellationToken.None).ConfigureAwait(false);
            have += count;
            progress?.Report(new DownloadProgress(file.PackedName, have, total));
        }
    }

    /// <summary>The file that grows: what is there of it stays, if it is a beginning.</summary>
    private static FileStream Part(OpenFolder folder, string name, long have)
    {
        if (have == 0)
        {
            folder.Delete(name);
            return folder.New(name);
        }

        var file = folder.Change(name);
        file.Position = have;
        return file;
    }

    private static long Length(OpenFolder folder, string name)
    {
        if (folder.KindOf(name) == EntryKind.None)
        {
            return 0;
        }

        using var file = folder.Read(name);
        return file.Length;
    }

    /// <summary>Gives a right file its name, and throws a wrong one away.</summary>
    private static string? Accept(PublicDataSet data, PublicFile file, OpenFolder folder, string part)
    {
        var mismatch = Length(folder, part) == 0 ? "nothing came" : Mismatch(data, file, folder, part);
        if (mismatch is null)
        {
            folder.Move(part, file.PackedName);
        }
        else
        {
            folder.Delete(part);
        }

        return mismatch;
    }

    private static string? Mismatch(PublicDataSet data, PublicFile file, OpenFolder folder, string name)
    {
        using var stream = folder.Read(name);
        try
        {
            var fingerprint = data.FingerprintOf(stream, Path.Combine(folder.FullPath, name));
            return fingerprint == file.Fingerprint ? null : $"wrong content (fingerprint {fingerprint}, must be {file.Fingerprint})";
        }
        catch (DataFormatException damaged)
        {
            return $"wrong content ({damaged.Message})";
        }
    }
}
