"""Papers, read back by programs that did not make them: pdfium for the page, ZXing for the codes."""
