using System.Text;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// A text file that grows line by line. A line is handed to the system as a whole; one that does not fit on the disk leaves no part
/// behind.
/// </summary>
internal sealed class AppendedFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private bool _isOnDisk = true;

    /// <param name="path">Its path.</param>
    /// <param name="length">Bytes that stay; what follows on them is cut off.</param>
    /// <exception cref="RecordingException">It cannot be written.</exception>
    public AppendedFile(string path, long length)
    {
        _path = path;
        try
        {
            _file = new FileStream(path, length == 0 ? FileMode.Create : FileMode.Open, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
            if (length > 0)
            {
                _file.SetLength(length);
                _file.Position = length;
            }

            Length = length;
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            _file?.Dispose();
            throw new RecordingException(path, trouble);
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
            throw new RecordingException(_path, trouble);
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
            throw new RecordingException(_path, trouble);
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
