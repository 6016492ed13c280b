using System.Text;
using FeedbackAlignment.Experiments.Files;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// A text file that grows line by line. A line is handed to the system as a whole; one that does not fit on the disk leaves no part
/// behind.
/// </summary>
internal sealed class AppendedFile : IDisposable
{
    private readonly Place _place;
    private readonly FileStream _file;
    private bool _isOnDisk = true;

    /// <param name="place">Where.</param>
    /// <param name="length">Bytes that stay; what follows on them is cut off.</param>
    /// <exception cref="RecordingException">It cannot be written.</exception>
    public AppendedFile(Place place, long length)
    {
        _place = place;
        try
        {
            using var folder = place.Folder!.Open();
            if (length == 0)
            {
                folder.Delete(place.Name);
                _file = folder.New(place.Name);
            }
            else
            {
                _file = folder.Change(place.Name);
                _file.SetLength(length);
                _file.Position = length;
            }

            Length = length;
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            _file?.Dispose();
            throw new RecordingException(place.FullPath, trouble);
        }
    }

    /// <summary>Bytes in it.</summary>
    public long Length { get; private set; }

    public void Append(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            _file.Write(bytes);
            Length += bytes.Length;
            _isOnDisk = false;
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            CutOff();
            throw new RecordingException(_place.FullPath, trouble);
        }
    }

    /// <summary>Returns when all of it is on the disk.</summary>
    public void Flush()
    {
        if (_isOnDisk)
        {
            return;
        }

        try
        {
            _file.Flush(flushToDisk: true);
            _isOnDisk = true;
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            throw new RecordingException(_place.FullPath, trouble);
        }
    }

    public void Dispose() => _file.Dispose();

    private void CutOff()
    {
        try
        {
            _file.SetLength(Length);
            _file.Position = Length;
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            // The first trouble is the one to tell; who goes on from a checkpoint cuts the file off then.
        }
    }
}
